using System.Text.Json;
using Penstock.Contracts.Generation;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary>Anthropic's <c>usage</c>. Its input tokens are those that were computed: the cached ones are counted beside them.</summary>
internal static class MessageUsageJson
{
    // What is not counted here, or there is none of: strict clients want the keys.
    private static readonly string[] Absent = ["cache_creation", "inference_geo", "server_tool_use", "speed"];

    /// <param name="json">Output.</param>
    /// <param name="summary">What the target knows of the generation.</param>
    /// <param name="thinking">Tokens of thinking that the client was shown.</param>
    public static void Write(Utf8JsonWriter json, GenerationSummary summary, int thinking)
    {
        var tokens = summary.Tokens;
        Write(json, tokens.Prompt - tokens.Cached, tokens.Cached, tokens.Sampled, tokens.HiddenReasoning + thinking);
    }

    /// <summary>At the beginning of a stream, when nothing is known of the cache yet: its end has the account.</summary>
    public static void WriteStart(Utf8JsonWriter json, int promptTokens) => Write(json, promptTokens, 0, 0, 0);

    private static void Write(Utf8JsonWriter json, int input, int cached, int output, int thinking)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", input);
        // Computed prompts are cached by themselves, at no price.
        json.WriteNumber("cache_creation_input_tokens", 0);
        json.WriteNumber("cache_read_input_tokens", cached);
        json.WriteNumber("output_tokens", output);
        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("thinking_tokens", thinking);
        json.WriteEndObject();
        json.WriteString("service_tier", "standard");
        foreach (var name in Absent)
        {
            json.WriteNull(name);
        }

        json.WriteEndObject();
    }
}
