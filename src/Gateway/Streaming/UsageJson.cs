using System.Text.Json;
using Penstock.Contracts.Records;

namespace Penstock.Gateway.Streaming;

/// <summary>OpenAI's <c>usage</c>. Completion tokens are all that were sampled, the end token and trimmed stop strings included.</summary>
internal static class UsageJson
{
    /// <param name="json">Output.</param>
    /// <param name="tokens">The request's.</param>
    /// <param name="reasoning">Those of them that were thinking which the client was shown.</param>
    public static void Write(Utf8JsonWriter json, TokenCounts tokens, int reasoning = 0)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", tokens.Prompt);
        json.WriteNumber("completion_tokens", tokens.Sampled);
        json.WriteNumber("total_tokens", tokens.Prompt + tokens.Sampled);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", tokens.Cached);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", tokens.HiddenReasoning + reasoning);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
