using Penstock.Engine.Scheduling;

namespace Penstock.Gateway.Hosting;

/// <summary>How one model's engine schedules, as far as it differs from the server's options and the engine's defaults: null = that of <see cref="ServeOptions"/> or <see cref="Penstock.Engine.Serving.EngineOptions"/>.</summary>
public sealed record ModelScheduling
{
    public SchedulingPolicy? Policy { get; init; }

    /// <summary>Requests that may wait.</summary>
    public int? QueueCapacity { get; init; }

    /// <summary>Requests of one tenant that may wait.</summary>
    public int? TenantQueueCapacity { get; init; }

    /// <summary>How long an interactive request contends before it goes before everything of its tenant that is not as old.</summary>
    public TimeSpan? InteractivePatience { get; init; }

    /// <summary>How long a standard request contends before it does, or is lifted where its class gets nothing.</summary>
    public TimeSpan? StandardPatience { get; init; }

    /// <summary>The same of a batch request.</summary>
    public TimeSpan? BatchPatience { get; init; }

    /// <summary>Steps after which a prompt that waits gets a block of tokens in any case.</summary>
    public int? PrefillEvery { get; init; }

    /// <summary>Most rows of a step.</summary>
    public int? StepTokenBudget { get; init; }

    /// <summary>Most bytes of preempted requests' KV that are kept.</summary>
    public long? SavedKvBytes { get; init; }

    /// <summary>Whether computed prefixes are kept.</summary>
    public bool? PrefixCaching { get; init; }

    /// <summary>Most of the KV memory that one tenant may keep, as a fraction.</summary>
    public double? PrefixTenantShare { get; init; }
}
