namespace Penstock.Ledger;

/// <summary>What a group of requests used and how it went. Tokens are sums over the group's records.</summary>
public sealed record UsageSummary
{
    /// <summary>The model or tenant; empty for all requests together.</summary>
    public required string Name { get; init; }

    public required long Requests { get; init; }

    public required long Finished { get; init; }

    public required long Interrupted { get; init; }

    public required long Running { get; init; }

    /// <summary>Finished requests by reason, in lower case: <c>stop</c>, <c>length</c>, <c>cancelled</c>, <c>deadline</c>, <c>error</c>, <c>refused</c>.</summary>
    public required IReadOnlyDictionary<string, long> Ends { get; init; }

    public required long Prompt { get; init; }

    public required long Cached { get; init; }

    public required long Prefilled { get; init; }

    public required long NotReached { get; init; }

    public required long Sampled { get; init; }

    public required long Delivered { get; init; }

    public required long Hidden { get; init; }

    public required long DiscardedCancelled { get; init; }

    public required long DiscardedDisconnected { get; init; }

    public required long DiscardedTrimmed { get; init; }

    /// <summary>Tokens sampled for a client that had left.</summary>
    public long CancellationTax => DiscardedCancelled + DiscardedDisconnected;

    /// <summary>The median time to first token of the requests that delivered one; null when none did.</summary>
    public required TimeSpan? TimeToFirstTokenP50 { get; init; }

    /// <inheritdoc cref="TimeToFirstTokenP50"/>
    public required TimeSpan? TimeToFirstTokenP99 { get; init; }
}
