using Penstock.Engine.Scheduling.Order;

namespace Penstock.Engine.Scheduling;

/// <summary>How a <see cref="Scheduler"/> decides. Immutable.</summary>
public sealed record SchedulerOptions
{
    public SchedulingPolicy Policy { get; init; } = SchedulingPolicy.Fair;

    /// <summary>Units of <c>now</c>, of deadlines and of arrivals in a second. Default: those of <see cref="TimeSpan.Ticks"/>.</summary>
    public long TimestampFrequency { get; init; } = TimeSpan.TicksPerSecond;

    /// <summary>What a step with streams may take; null = its rows alone bound it. Default null.</summary>
    public TimeSpan? GapTarget { get; init; }

    /// <summary>What a step without streams may take, so that who arrives meanwhile is started soon; null = three gap targets: nobody sees a gap, and longer chunks read the weights less often. Default null.</summary>
    public TimeSpan? LoneStepTarget { get; init; }

    /// <summary>A prompt that waits has its turn at least every so many steps: up to a block of tokens. At least 1. Default 4.</summary>
    public int PrefillEvery { get; init; } = 4;

    public ServiceWeights Weights { get; init; } = ServiceWeights.Default;

    public ClassPatience Patience { get; init; } = ClassPatience.Default;

    /// <summary>Most bytes of KV that are kept in memory for preempted groups; beyond it they are computed again. Default 256 MiB.</summary>
    public long SavedKvBytes { get; init; } = 256L << 20;

    /// <summary>What a step is believed to cost before anything was measured; null = a careful guess.</summary>
    public Cost.StepCoefficients? Prior { get; init; }

    internal IAdmissionOrder MakeOrder() => Policy == SchedulingPolicy.Fair ? new FairOrder(Patience, TimestampFrequency) : new FirstComeFirstServed();
}
