using Penstock.Contracts.Requests;

namespace Penstock.Contracts.Records;

/// <summary>
/// The one durable record of a request: everything that Penstock reports is a view over it. Written once at admission
/// (<see cref="State"/> = <see cref="RecordState.Admitted"/>) and once at the end. Holds no prompt and no output text.
/// </summary>
public sealed record RequestRecord
{
    public required string RequestId { get; init; }
    public required RecordState State { get; init; }

    /// <summary>UTC, when the request's first byte was handled.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>UTC, when the record was completed; null until then.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    public required string Tenant { get; init; }
    public string? ApiKeyId { get; init; }
    public required RequestKind Kind { get; init; }
    public required string Model { get; init; }

    /// <summary>The adapter that the model had, by name; null = none. Its digest and scale are in the fingerprint.</summary>
    public string? Adapter { get; init; }

    /// <summary>The target that answered and why it was chosen.</summary>
    public required string Target { get; init; }

    /// <inheritdoc cref="Target"/>
    public string? RouteReason { get; init; }

    /// <summary>Digest of weights, quantization, template, tokenizer and engine path; null for targets that do not say.</summary>
    public string? Fingerprint { get; init; }

    public bool Stream { get; init; }
    public int Choices { get; init; } = 1;
    public ServiceClass Class { get; init; } = ServiceClass.Standard;
    public RequestIntent Intent { get; init; }
    public string? RunId { get; init; }
    public string? ParentId { get; init; }
    public string? Step { get; init; }
    public string? Task { get; init; }

    /// <summary>
    /// The fields that the answer does without, since the form in which it was asked for or the target's has no place for them: paths in the body's order, separated by commas, at
    /// most <see cref="Requests.Loss.MostDeclared"/>; null = none.
    /// </summary>
    public string? Losses { get; init; }

    /// <summary>How the task ended, once somebody says; null until then.</summary>
    public string? Outcome { get; init; }

    public TokenCounts Tokens { get; init; }

    /// <summary>
    /// Tokens that calls of providers read and produced for it beyond <see cref="Tokens"/>, which are those of the answer: calls that failed after they had begun, the loser of a
    /// race, a prompt that was read again. They are paid for like the others.
    /// </summary>
    public int ExtraTokens { get; init; }

    public PhaseDurations Phases { get; init; }

    /// <summary>Measured separately from the phases, so that their sum can be checked against it.</summary>
    public TimeSpan WallTime { get; init; }

    /// <summary>From receipt to the flush of the first token; null when none was delivered.</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>Longest time between two consecutive tokens of one choice as the engine made them; null with fewer than two.</summary>
    public TimeSpan? LargestGap { get; init; }

    /// <summary>Gaps over the model's target, by cause.</summary>
    public GapRecord Gaps { get; init; } = GapRecord.None;

    /// <summary>How often it gave way to a higher class.</summary>
    public int Preemptions { get; init; }

    /// <summary>Rolling digest of every sampled token and its margin over the runner-up: two runs can be compared by it. Null where none is made.</summary>
    public string? Digest { get; init; }

    /// <summary>The calls of providers that were made for it, written together with its end; empty for what was computed here, and when records are read in bulk.</summary>
    public IReadOnlyList<AttemptRecord> Attempts { get; init; } = [];

    /// <summary>Why, by whom and in which phase it ended; null until it has.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <inheritdoc cref="FinishReason"/>
    public FinishCause? FinishCause { get; init; }

    /// <inheritdoc cref="FinishReason"/>
    public RequestPhase? FinishPhase { get; init; }

    /// <summary>The stable code of <see cref="Errors.ErrorTable"/>, when it ended in an error or refusal.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>US dollars; null where no price is known, never 0 for want of one.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Whether <see cref="CostUsd"/> rests on a figure that the target did not give: a count of our own, or a price for lack of a finer one.</summary>
    public bool CostEstimated { get; init; }
}
