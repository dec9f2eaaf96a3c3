namespace Penstock.Contracts.Targets;

/// <summary>What a target serves and what it promises.</summary>
public sealed record TargetDescription
{
    /// <summary>The model's public name.</summary>
    public required string Name { get; init; }

    /// <summary>Who runs it: <c>engine.cpu</c>, a provider's name.</summary>
    public required string Owner { get; init; }

    /// <summary>Digest of what computes the answer, or null where it cannot be known.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Most tokens of prompt and output together; <see cref="int.MaxValue"/> where it is not known here.</summary>
    public required int ContextLength { get; init; }

    /// <summary>
    /// Whether it is asked over a network: its first event may be late, and an error with a status of its own, so an answer's headers wait for it.
    /// </summary>
    public bool Remote { get; init; }

    /// <summary>The longest time between two tokens of a stream that it aims at; null = none.</summary>
    public TimeSpan? GapTarget { get; init; }

    /// <summary>When the model was loaded or configured.</summary>
    public required DateTimeOffset Since { get; init; }
}
