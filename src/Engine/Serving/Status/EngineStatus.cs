using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Engine.Scheduling;

namespace Penstock.Engine.Serving.Status;

/// <summary>What an engine is doing, for people. Made when it is asked for; each figure is current, together they may straddle a step.</summary>
public sealed record EngineStatus
{
    /// <summary>Requests, blocks and totals since the start.</summary>
    public required EngineStats Stats { get; init; }

    /// <summary>Who is computed next.</summary>
    public SchedulingPolicy Policy { get; init; }

    /// <summary>The longest time between two tokens of a stream that it aims at; null = none.</summary>
    public TimeSpan? GapTarget { get; init; }

    public required StepStatus LastStep { get; init; }

    /// <summary>Requests that run, one count a <see cref="ServiceClass"/>.</summary>
    public required IReadOnlyList<int> RunningByClass { get; init; }

    /// <summary>The tenants that it has served, the most service first.</summary>
    public required IReadOnlyList<TenantStatus> Tenants { get; init; }

    /// <summary>Nodes of the tree of cached prefixes.</summary>
    public int PrefixNodes { get; init; }

    /// <summary>Blocks of cached prefixes evicted since the start.</summary>
    public long EvictedBlocks { get; init; }

    /// <summary>Requests that gave way to a higher class since the start.</summary>
    public long Preemptions { get; init; }

    /// <summary>Bytes of preempted requests' KV that are kept in memory.</summary>
    public long SavedKvBytes { get; init; }

    /// <summary>Gaps over the target since the start, one count a <see cref="GapCause"/>.</summary>
    public required IReadOnlyList<long> GapCauses { get; init; }
}
