namespace Penstock.Benchmarks.Served;

/// <summary>What both contenders do.</summary>
/// <param name="Vocabulary">Token ids of prompts are drawn below this.</param>
/// <param name="Chunk">Rows of a prefill step.</param>
internal sealed record Workload(int Vocabulary, int Chunk)
{
    public int LongPrompt => 2000;

    public int ShortPrompt => 64;

    public int DecodeTokens => 96;

    /// <summary>Random ids; the same for the same length.</summary>
    public int[] Prompt(int length)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(300, Vocabulary))];
    }
}
