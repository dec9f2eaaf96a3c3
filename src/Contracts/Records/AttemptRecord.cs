using Penstock.Contracts.Errors;

namespace Penstock.Contracts.Records;

/// <summary>One call of one target for a request. A request that was tried again or elsewhere has several. Holds no prompt and no output text.</summary>
public sealed record AttemptRecord
{
    /// <summary>From 1, in the order in which they were made.</summary>
    public required int Number { get; init; }

    /// <summary>The configured name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>The model that it was asked for.</summary>
    public required string Model { get; init; }

    /// <summary>The model that its answer names; null when it named none.</summary>
    public string? AnsweredModel { get; init; }

    /// <summary>Why it was made: <c>first</c>, or what had failed before.</summary>
    public required string Reason { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From the start to the first event of an answer; null when none came.</summary>
    public TimeSpan? FirstEvent { get; init; }

    /// <summary>From the start until the target was let go.</summary>
    public required TimeSpan Duration { get; init; }

    public required AttemptOutcome Outcome { get; init; }

    /// <summary>How it failed, when it did.</summary>
    public FaultKind? Fault { get; init; }

    /// <summary>HTTP status; null when none came.</summary>
    public int? Status { get; init; }

    /// <summary>Tokens of the prompt that it read, cached ones included: as the target counted them, else an estimate. 0 where nothing came of it.</summary>
    public int Prompt { get; init; }

    /// <summary>Output tokens that reached this server: as the target counted them, else counted here by its events.</summary>
    public int Produced { get; init; }

    /// <summary>Those of them that reached the client.</summary>
    public int Delivered { get; init; }

    /// <summary>Output tokens that the target says it bills; null when it did not say.</summary>
    public int? Billed { get; init; }

    /// <summary>US dollars; null where no price is known, and for a call that read nothing.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Whether <see cref="CostUsd"/> rests on a figure that the target did not give.</summary>
    public bool CostEstimated { get; init; }
}
