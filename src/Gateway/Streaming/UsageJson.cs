using System.Text.Json;
using Penstock.Contracts.Records;

namespace Penstock.Gateway.Streaming;

/// <summary>OpenAI's <c>usage</c>. Completion tokens are all that were sampled, the end token and trimmed stop strings included.</summary>
internal static class UsageJson
{
    public static void Write(Utf8JsonWriter json, TokenCounts tokens)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", tokens.Prompt);
        json.WriteNumber("completion_tokens", tokens.Sampled);
        json.WriteNumber("total_tokens", tokens.Prompt + tokens.Sampled);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", tokens.Cached);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", tokens.HiddenReasoning);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
