namespace Penstock.Lab.Subjects;

/// <summary>What came back for a <see cref="Question"/>. Immutable.</summary>
public sealed record Answer
{
    public required AnswerEnd End { get; init; }

    /// <summary>What went wrong, in one sentence, unless <see cref="End"/> is whole or left.</summary>
    public string? Problem { get; init; }

    /// <summary>When a busy subject wants to be asked again, if it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Visible text, then reasoning and the text of tool calls, if there were any.</summary>
    public string Text { get; init; } = "";

    /// <summary>The answer's tokens, each by its bytes; empty where they were not asked for or not given.</summary>
    public IReadOnlyList<string> Tokens { get; init; } = [];

    public string? FinishReason { get; init; }

    /// <summary>The receipt's digest over tokens and margins, where the subject gives receipts.</summary>
    public string? Digest { get; init; }

    /// <summary>What computed it, where the subject says so.</summary>
    public string? Fingerprint { get; init; }

    public int? PromptTokens { get; init; }

    /// <summary>Of the prompt, those not computed again.</summary>
    public int? CachedTokens { get; init; }

    public int? OutputTokens { get; init; }
}
