using Penstock.Engine.Scheduling;
using Penstock.Engine.Scheduling.Order;

namespace Penstock.Engine.Serving;

/// <summary>Bounds of one model's engine. Every bound has an answer: what does not fit waits in the queue, and what does not fit there is refused.</summary>
public sealed class EngineOptions
{
    /// <summary>Requests that may wait for the engine; one more is refused with a Retry-After. At least 1. Default 256.</summary>
    public int QueueCapacity { get; init; } = 256;

    /// <summary>Requests of one tenant that may wait; null = as many as <see cref="QueueCapacity"/>. At least 1. Default null.</summary>
    public int? TenantQueueCapacity { get; init; }

    /// <summary>Who is computed next. Default <see cref="SchedulingPolicy.Fair"/>.</summary>
    public SchedulingPolicy Policy { get; init; } = SchedulingPolicy.Fair;

    /// <summary>
    /// The longest time between two tokens of a stream that the engine aims at: a step carries as much of a prompt as keeps to it.
    /// Above zero; null = only <see cref="StepTokenBudget"/> bounds a step. Default 100 ms.
    /// </summary>
    public TimeSpan? GapTarget { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Shares of tenants by name, each above 0; 1 for those that are not named.</summary>
    public IReadOnlyDictionary<string, double> TenantWeights { get; init; } = new Dictionary<string, double>();

    /// <summary>A prompt that waits gets a block of tokens at least every so many steps, however long the streams alone take. At least 1. Default 4.</summary>
    public int PrefillEvery { get; init; } = 4;

    /// <summary>How long a request stays in its class before it is lifted to the next; each above zero. Default 30 s, 1 min and 5 min.</summary>
    public ClassPatience Patience { get; init; } = ClassPatience.Default;

    /// <summary>Most bytes of KV kept in memory for preempted requests; beyond it they are computed again. At least 0. Default 256 MiB.</summary>
    public long SavedKvBytes { get; init; } = 256L << 20;

    /// <summary>Whether computed prefixes are kept for requests that begin alike, in the sequences that the runner has beyond <see cref="MaxRunning"/>. Default true.</summary>
    public bool PrefixCaching { get; init; } = true;

    /// <summary>Most of the KV memory that one tenant may keep for its later requests, as a fraction above 0 and at most 1. Default 1.</summary>
    public double PrefixTenantShare { get; init; } = 1;

    /// <summary>
    /// Most rows (tokens) of one step: decodes first, the rest for prefill chunks. <see cref="GapTarget"/> is what keeps gaps short; this
    /// bounds a step where there is none. At least 1; null = the runner's <c>MaxRows</c>, which bounds it in any case. Default null.
    /// </summary>
    public int? StepTokenBudget { get; init; }

    /// <summary>Sequences that run at the same time (a request with n choices counts n times). The runner's <c>MaxSequences</c> and the step budget bound it. Default 64.</summary>
    public int MaxRunning { get; init; } = 64;

    /// <summary>
    /// Most output tokens of a choice whose request names none; the context and the KV memory bound it further. Admission reserves
    /// the worst case, so this keeps one such request from taking all KV memory of a model with a long context. At least 1. Default 2048.
    /// </summary>
    public int DefaultOutputTokens { get; init; } = 2048;

    /// <summary>From which the seeds of requests that name none are drawn; null = from the clock at start. Set it for reproducible runs.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The options' faults, each with what was given, what is allowed and the remedy; empty when there are none.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        Require(nameof(QueueCapacity), QueueCapacity, faults);
        Require(nameof(TenantQueueCapacity), TenantQueueCapacity ?? 1, faults);
        Require(nameof(StepTokenBudget), StepTokenBudget ?? 1, faults);
        Require(nameof(MaxRunning), MaxRunning, faults);
        Require(nameof(DefaultOutputTokens), DefaultOutputTokens, faults);
        Require(nameof(PrefillEvery), PrefillEvery, faults);
        if (SavedKvBytes < 0)
            faults.Add($"{nameof(SavedKvBytes)} is {SavedKvBytes}; it must be at least 0. Remove the setting to use the default.");
        if (Patience.Interactive <= TimeSpan.Zero || Patience.Standard <= TimeSpan.Zero || Patience.Batch <= TimeSpan.Zero)
            faults.Add($"{nameof(Patience)} is {Patience}; each of its times must be above zero. Remove the setting to use the default.");
        if (GapTarget <= TimeSpan.Zero)
            faults.Add($"{nameof(GapTarget)} is {GapTarget}; it must be above zero. Remove the setting to use the default, or set null to have none.");
        if (!(PrefixTenantShare is > 0 and <= 1))
            faults.Add($"{nameof(PrefixTenantShare)} is {PrefixTenantShare}; it must be above 0 and at most 1. Remove the setting to use 1.");
        foreach (var (tenant, weight) in TenantWeights)
        {
            if (!(weight > 0 && double.IsFinite(weight)))
                faults.Add($"{nameof(TenantWeights)} gives '{tenant}' a weight of {weight}; it must be a number above 0. Remove it to use 1.");
        }

        return faults;
    }

    private static void Require(string key, int value, List<string> faults)
    {
        if (value < 1)
            faults.Add($"{key} is {value}; it must be at least 1. Remove the setting to use the default.");
    }
}
