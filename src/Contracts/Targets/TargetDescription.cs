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

    /// <summary>Most tokens of prompt and output together.</summary>
    public required int ContextLength { get; init; }

    /// <summary>The longest time between two tokens of a stream that it aims at; null = none.</summary>
    public TimeSpan? GapTarget { get; init; }

    /// <summary>When the model was loaded or configured.</summary>
    public required DateTimeOffset Since { get; init; }
}
