using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>How much output, how often and how: the fields that chat and completions share.</summary>
internal static class OutputParser
{
    private const int MaxChoices = 16;

    /// <summary>Adds adapter, sampling, constraint, stop strings, choices, limits and streaming to a request.</summary>
    public static ParsedRequest Parse(WireObject body, InferenceRequest request, int? topLogProbs)
    {
        var stream = body.Flag("stream");
        var terms = TermsParser.Parse(body);
        return new(
            request with
            {
                Sampling = SamplingParser.Parse(body, topLogProbs),
                Stop = StopParser.Parse(body),
                MaxOutputTokens = request.MaxOutputTokens ?? body.Integer("max_tokens", 1, int.MaxValue),
                Choices = body.Integer("n", 1, MaxChoices) ?? 1,
                Stream = stream,
                IgnoreEndOfGeneration = body.Flag("ignore_eos"),
                Terms = terms,
                Adapter = AdapterParser.Parse(body),
                Constraint = ConstraintParser.Parse(body),
            },
            IncludeUsage(body, stream),
            TermsParser.ServedTier(body),
            body.Flag("receipt") || terms.Deterministic);
    }

    /// <summary>The model's name.</summary>
    public static string Model(WireObject body)
    {
        var model = body.Required("model")?.AsText() ?? "";
        if (model.Length is 0 or > 256)
        {
            body.Faults.Invalid("model", "model must be the name of a served model, such as one that /v1/models lists.");
        }

        return model;
    }

    private static bool IncludeUsage(WireObject body, bool stream)
    {
        if (body.Object("stream_options") is not { } options)
        {
            return false;
        }

        if (!stream)
        {
            body.Faults.Invalid("stream_options", "stream_options is only allowed with stream: true.");
        }

        return options.Flag("include_usage");
    }
}
