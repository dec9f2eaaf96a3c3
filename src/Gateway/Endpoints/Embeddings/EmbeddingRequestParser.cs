using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Embeddings;

/// <summary>The wire form of <c>POST /v1/embeddings</c>.</summary>
internal static class EmbeddingRequestParser
{
    /// <summary>OpenAI's bound for one request.</summary>
    private const int MaxInputs = 2048;

    public static InferenceRequest Parse(WireObject body, Caller caller, out bool base64)
    {
        base64 = Base64(body);
        if (body.Field("dimensions") is { } dimensions)
        {
            body.Faults.Unsupported(dimensions.Path, "dimensions is not supported: vectors have the model's own width. Leave it out.");
        }

        return new InferenceRequest
        {
            RequestId = caller.RequestId,
            Tenant = caller.Tenant,
            ApiKeyId = caller.ApiKeyId,
            Kind = RequestKind.Embedding,
            Model = OutputParser.Model(body),
            Inputs = PromptParser.Parse(body, "input", MaxInputs),
            Terms = TermsParser.Parse(body),
            Adapter = AdapterParser.Parse(body),
        };
    }

    private static bool Base64(WireObject body)
    {
        var format = body.Text("encoding_format") ?? "float";
        if (format is not ("float" or "base64"))
        {
            body.Faults.Unsupported("encoding_format", "encoding_format must be \"float\" or \"base64\".");
        }

        return format == "base64";
    }
}
