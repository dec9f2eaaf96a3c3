using Penstock.Engine.Scheduling;

namespace Penstock.Planning.Replay;

/// <summary>How a trace is replayed. Immutable.</summary>
public sealed record ReplayOptions
{
    public SchedulingPolicy Policy { get; init; } = SchedulingPolicy.Fair;

    /// <summary>What a step with streams may take; null = its rows alone bound it. Default 100 ms, as served.</summary>
    public TimeSpan? GapTarget { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Shares of tenants; null and names that are not there = 1.</summary>
    public IReadOnlyDictionary<string, double>? TenantWeights { get; init; }
}
