using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Completions;

/// <summary>The wire form of <c>POST /v1/completions</c>.</summary>
internal static class CompletionRequestParser
{
    /// <summary>OpenAI's default for this endpoint.</summary>
    private const int DefaultMaxTokens = 16;

    public static ParsedRequest Parse(WireObject body, Caller caller)
    {
        RefusedFields.CheckCompletion(body);
        var request = new InferenceRequest
        {
            RequestId = caller.RequestId,
            Tenant = caller.Tenant,
            ApiKeyId = caller.ApiKeyId,
            Kind = RequestKind.Completion,
            Model = OutputParser.Model(body),
            Inputs = PromptParser.Parse(body, "prompt", maxInputs: 1),
        };
        var parsed = OutputParser.Parse(body, request, body.Integer("logprobs", 0, 20));
        if (body.Integer("best_of", 1, 128) is { } best && best != parsed.Request.Choices)
        {
            body.Faults.Unsupported("best_of", "best_of must equal n: choices are not ranked. Ask for n choices and rank them yourself.");
        }

        return parsed with { Request = parsed.Request with { MaxOutputTokens = parsed.Request.MaxOutputTokens ?? DefaultMaxTokens } };
    }
}
