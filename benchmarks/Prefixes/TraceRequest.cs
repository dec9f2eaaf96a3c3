using System.Text.Json;

namespace Penstock.Benchmarks.Prefixes;

/// <summary>A request of a Mooncake trace: its prompt as numbers of blocks of 512 tokens, equal numbers for equal prefixes.</summary>
/// <param name="Tokens">Tokens of the prompt.</param>
/// <param name="Blocks">One number a block; the last may be filled in part.</param>
internal sealed record TraceRequest(int Tokens, int[] Blocks)
{
    public const int BlockTokens = 512;

    /// <summary>The blocks that are full.</summary>
    public ReadOnlySpan<int> Whole => Blocks.AsSpan(0, Math.Min(Blocks.Length, Tokens / BlockTokens));

    /// <summary>Tokens in the first blocks.</summary>
    public int TokensOf(int blocks) => Math.Min(blocks * BlockTokens, Tokens);

    public static TraceRequest[] Read(string file) => [.. File.ReadLines(file).Where(line => line.Length > 0).Select(Parse)];

    private static TraceRequest Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        return new TraceRequest(
            json.RootElement.GetProperty("input_length").GetInt32(),
            [.. json.RootElement.GetProperty("hash_ids").EnumerateArray().Select(id => id.GetInt32())]);
    }
}
