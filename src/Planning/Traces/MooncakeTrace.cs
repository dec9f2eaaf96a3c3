using System.Text.Json;

namespace Penstock.Planning.Traces;

/// <summary>
/// The format of the Mooncake traces (Qin et al. 2024): a JSON object a line, with milliseconds and the prompt as numbers of blocks,
/// the last of which may be filled in part. Each number stands for a block and all that comes before it.
/// </summary>
public static class MooncakeTrace
{
    /// <summary>Tokens of a block.</summary>
    public const int BlockTokens = 512;

    internal static TraceFormat Format { get; } = new(
        FirstIsHeader: false, Parse, $"a line must be an object with timestamp (milliseconds), input_length and output_length (at least 1) and hash_ids (one for each {BlockTokens} tokens begun)");

    private static TraceRequest? Parse(string line)
    {
        try
        {
            var wire = JsonSerializer.Deserialize<Line>(line);
            return wire is { Timestamp: { } milliseconds, Input: > 0 and var prompt, Output: > 0 and var output, Blocks: { } blocks }
                && double.IsFinite(milliseconds) && blocks.Length == (prompt + BlockTokens - 1) / BlockTokens
                ? new TraceRequest(milliseconds / 1000, "", prompt, output, blocks)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Line(
        [property: System.Text.Json.Serialization.JsonPropertyName("timestamp")] double? Timestamp,
        [property: System.Text.Json.Serialization.JsonPropertyName("input_length")] int? Input,
        [property: System.Text.Json.Serialization.JsonPropertyName("output_length")] int? Output,
        [property: System.Text.Json.Serialization.JsonPropertyName("hash_ids")] int[]? Blocks);
}
