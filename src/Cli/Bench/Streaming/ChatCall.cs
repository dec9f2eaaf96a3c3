namespace Penstock.Cli.Bench.Streaming;

/// <summary>One chat completion to ask for.</summary>
/// <param name="Prompt">The user's message.</param>
/// <param name="OutputTokens">Most tokens to generate; exactly as many where the server honours <c>ignore_eos</c>.</param>
internal sealed record ChatCall(string Prompt, int OutputTokens)
{
    public bool Stream { get; init; } = true;

    /// <summary>Ask the server to run on past the end of the answer, so that the output's length holds (<c>ignore_eos</c>; servers that do not know it ignore it).</summary>
    public bool IgnoreEos { get; init; } = true;

    /// <summary>Ask for log-probabilities, by which each event says how many tokens it has.</summary>
    public bool LogProbs { get; init; }

    /// <summary>Leave once this many tokens have come; null = stay. Streams only.</summary>
    public int? LeaveAfterTokens { get; init; }

    /// <summary>Told how many tokens have come so far, each time that more have; on the reading thread. Null = nobody asks.</summary>
    public Action<long>? Seen { get; init; }

    /// <summary>Sent as <c>x-penstock-task</c>, by which the ledger's record can be found; null = none.</summary>
    public string? Task { get; init; }
}
