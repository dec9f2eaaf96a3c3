using Penstock.Contracts.Errors;

namespace Penstock.Routing.Attempts;

/// <summary>What is known when an attempt has failed.</summary>
public readonly record struct AttemptFacts
{
    public required UpstreamFault Fault { get; init; }

    /// <summary>How long the provider asks to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Calls made for the request, this one included.</summary>
    public required int Attempts { get; init; }

    /// <summary>Calls of this target made for the request, this one included.</summary>
    public required int AttemptsOfTarget { get; init; }

    /// <summary>Whether another target is left.</summary>
    public bool HasAnother { get; init; }

    /// <summary>Whether the same target may be asked again; not when its breaker has opened.</summary>
    public bool MayRetry { get; init; }

    /// <summary>Whether anything has reached the client.</summary>
    public bool Delivered { get; init; }

    /// <summary>Whether the answer could go on elsewhere from what has reached the client: its text is known for certain and nothing else was begun.</summary>
    public bool Resumable { get; init; }

    /// <summary>Until the request's deadline; null = none.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>A random number in [0, 1) that spreads the retries of many requests.</summary>
    public double Jitter { get; init; }
}
