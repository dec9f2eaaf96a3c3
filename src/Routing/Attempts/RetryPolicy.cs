using Penstock.Routing.Hedging;

namespace Penstock.Routing.Attempts;

/// <summary>When and how often a request is tried again. Immutable.</summary>
public sealed record RetryPolicy
{
    public static RetryPolicy Default { get; } = new();

    /// <summary>Most calls for one request, over all targets. Default 4, at least 1.</summary>
    public int MostAttempts { get; init; } = 4;

    /// <summary>Most further calls of the same target. Default 2.</summary>
    public int RetriesOfATarget { get; init; } = 2;

    /// <summary>The wait before the first retry; each further one waits twice as long. Default 250 ms.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The longest wait that a request is held for, also when a provider's Retry-After asks for more: then it goes elsewhere, or back to the client, who is told how
    /// long to wait. Default 10 s.
    /// </summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether a call that has produced something, and so is likely billed, is made again as long as nothing has reached the client. Default no.</summary>
    public bool RetryBilled { get; init; }

    /// <summary>
    /// Whether a chat's stream that breaks off in mid-answer goes on at a target that resumes from the delivered text, once for a request. The prompt is then read, and paid for,
    /// a second time. Default no.
    /// </summary>
    public bool Continue { get; init; }

    /// <summary>When a second target is asked beside one that is late; null, the default: never.</summary>
    public HedgePolicy? Hedging { get; init; }
}
