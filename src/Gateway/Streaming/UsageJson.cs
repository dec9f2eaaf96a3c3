using System.Text.Json;
using Penstock.Contracts.Generation;

namespace Penstock.Gateway.Streaming;

/// <summary>OpenAI's <c>usage</c>. Completion tokens are all that were sampled, the end token and trimmed stop strings included.</summary>
internal static class UsageJson
{
    /// <param name="json">Output.</param>
    /// <param name="summary">What the target knows of the generation.</param>
    /// <param name="reasoning">Those of them that were thinking which the client was shown.</param>
    public static void Write(Utf8JsonWriter json, GenerationSummary summary, int reasoning = 0)
    {
        var tokens = summary.Tokens;
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", tokens.Prompt);
        json.WriteNumber("completion_tokens", tokens.Sampled);
        json.WriteNumber("total_tokens", tokens.Prompt + tokens.Sampled);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", tokens.Cached);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", tokens.HiddenReasoning + reasoning);
        if (summary.Resistance is { } resistance)
        {
            json.WriteStartObject("constraint_resistance");
            json.WriteNumber("tokens", resistance.Tokens);
            json.WriteNumber("mean", Math.Round(resistance.Mean, 6));
            json.WriteNumber("max", Math.Round(resistance.Max, 6));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
