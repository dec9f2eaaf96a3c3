using System.Text.Json;
using Penstock.Contracts.Records;

namespace Penstock.Contracts.Generation;

/// <summary>What a target knows of a generation that has ended. Timestamps are <see cref="TimeProvider.GetTimestamp"/> values, 0 = not reached.</summary>
public sealed record GenerationSummary
{
    /// <summary>Prompt, cached, prefilled, not reached, sampled, trimmed, drafted. What was delivered is the deliverer's to count.</summary>
    public required TokenCounts Tokens { get; init; }

    /// <summary>Whether a count of <see cref="Tokens"/> is the target's own estimate, since whoever computed it did not say.</summary>
    public bool TokensEstimated { get; init; }

    /// <summary>The usage object of the provider that computed it, as it wrote it, for price rules that read it; null where there is none.</summary>
    public JsonElement? ProviderUsage { get; init; }

    /// <summary>Start of the first step that computed something for it.</summary>
    public long ScheduledAt { get; init; }

    /// <summary>When the first token was sampled.</summary>
    public long FirstTokenAt { get; init; }

    /// <summary>When the last choice ended in the engine.</summary>
    public long EndedAt { get; init; }

    /// <summary>Longest time between two consecutive tokens of one choice.</summary>
    public TimeSpan? LargestGap { get; init; }

    /// <summary>Gaps over the model's target, by cause.</summary>
    public GapRecord Gaps { get; init; } = GapRecord.None;

    /// <summary>How often it gave way to a higher class.</summary>
    public int Preemptions { get; init; }

    /// <summary>What its constraint kept the model from; null where no token was sampled under one.</summary>
    public ConstraintResistance? Resistance { get; init; }

    /// <summary>Rolling digest of every sampled token and its margin over the runner-up; null where none is made.</summary>
    public string? Digest { get; init; }

    /// <summary>The calls that were made for it, when a provider was asked; empty for what was computed here.</summary>
    public IReadOnlyList<AttemptRecord> Attempts { get; init; } = [];

    /// <summary>The account of each of <see cref="Attempts"/>, in their order: what each is charged for.</summary>
    public IReadOnlyList<GenerationSummary> Accounts { get; init; } = [];

    /// <summary>Who answered, <c>target/model</c>, when that is not what was asked; null otherwise.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>The model that a provider's answer names; null when it names none.</summary>
    public string? AnsweredModel { get; init; }

    /// <summary>How the generation as a whole ended: the worst of its choices.</summary>
    public required FinishReason FinishReason { get; init; }

    /// <inheritdoc cref="FinishReason"/>
    public required FinishCause FinishCause { get; init; }

    /// <inheritdoc cref="FinishReason"/>
    public required RequestPhase FinishPhase { get; init; }
}
