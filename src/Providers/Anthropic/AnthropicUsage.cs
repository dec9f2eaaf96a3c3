using System.Text.Json;
using Penstock.Providers.Reading;

namespace Penstock.Providers.Anthropic;

/// <summary>Reads Anthropic's <c>usage</c>: its input tokens are those that were in no cache, so that the prompt is the sum of three figures.</summary>
internal static class AnthropicUsage
{
    /// <summary>The figures, over those that were known before: a stream gives the prompt's at its beginning and the output's at its end.</summary>
    /// <param name="json">The usage object.</param>
    /// <param name="before">What was known.</param>
    /// <param name="final">Whether the output is counted to its end: at the beginning it is not.</param>
    public static Usage Read(JsonElement json, Usage before, bool final)
    {
        var cached = json.Count("cache_read_input_tokens");
        var prompt = json.Count("input_tokens") is { } computed ? computed + (cached ?? 0) + (json.Count("cache_creation_input_tokens") ?? 0) : (int?)null;
        return before with
        {
            Prompt = prompt ?? before.Prompt,
            Cached = prompt is null ? before.Cached : cached ?? 0,
            Output = final ? json.Count("output_tokens") ?? before.Output : before.Output,
            Reasoning = final ? json.Object("output_tokens_details").Count("thinking_tokens") ?? before.Reasoning : before.Reasoning,
        };
    }
}
