namespace Penstock.Benchmarks.Served;

/// <summary>What both contenders do.</summary>
/// <param name="Vocabulary">Token ids of prompts are drawn below this.</param>
/// <param name="Chunk">Rows of a prefill step.</param>
internal sealed record Workload(int Vocabulary, int Chunk)
{
    public int LongPrompt => 2000;

    public int ShortPrompt => 64;

    public int DecodeTokens => 96;

    /// <summary>Time from a closed loop's start, when all clients' first prompts come at once, to the part that is measured.</summary>
    public TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(3);

    /// <summary>The part of a closed loop that is measured.</summary>
    public TimeSpan Measured { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Prompt tokens of a client's request: 32 to 256.</summary>
    public int PromptOf(int client, int request) => 32 + (new Random((100 * client) + request).Next(8) * 32);

    /// <summary>Random ids; the same for the same length and number.</summary>
    public int[] Prompt(int length, int number = 0)
    {
        var random = new Random(length + (10_000 * number));
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(300, Vocabulary))];
    }
}
