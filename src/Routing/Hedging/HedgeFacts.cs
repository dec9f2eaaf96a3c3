namespace Penstock.Routing.Hedging;

/// <summary>What is known when an attempt is made.</summary>
public readonly record struct HedgeFacts
{
    /// <summary>The target's usual first-event time at the policy's quantile; null while too few are known.</summary>
    public TimeSpan? Usual { get; init; }

    /// <summary>Whether the answer is streamed.</summary>
    public bool Streams { get; init; }

    /// <summary>Whether another target is left to ask.</summary>
    public bool HasAnother { get; init; }

    /// <summary>Whether the request has been hedged before.</summary>
    public bool Hedged { get; init; }

    /// <summary>Calls made for the request, this one included, and the most that may be.</summary>
    public int Attempts { get; init; }

    /// <inheritdoc cref="Attempts"/>
    public int MostAttempts { get; init; }

    /// <summary>How long the attempt may take to its first event.</summary>
    public TimeSpan Limit { get; init; }
}
