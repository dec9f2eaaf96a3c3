using Penstock.Contracts.Requests;
using Penstock.Engine.KvCache;
using Penstock.Engine.Scheduling;

namespace Penstock.Engine.Serving.Status;

/// <summary>Where the loop notes each step for whoever asks: written by the loop, readable by anybody, without a lock.</summary>
internal sealed class StepBoard(SchedulingPolicy policy, TimeSpan? gapTarget)
{
    private int decodeRows;
    private int promptTokens;
    private int promptBudget;
    private long ticks;
    private long predictedTicks;
    private long preemptions;
    private long savedKvBytes;
    private int prefixNodes;
    private long evictedBlocks;

    public void Note(StepPlan plan, TimeSpan duration, Scheduler scheduler, PrefixCache? prefixes)
    {
        var work = plan.Work;
        var coefficients = scheduler.Cost.Coefficients;
        Volatile.Write(ref decodeRows, (int)work.DecodeRows);
        Volatile.Write(ref promptTokens, (int)work.PromptTokens);
        Volatile.Write(ref ticks, duration.Ticks);
        Volatile.Write(ref predictedTicks, TimeSpan.FromSeconds(plan.PredictedSeconds).Ticks);
        Volatile.Write(ref preemptions, scheduler.Preemptions);
        Volatile.Write(ref savedKvBytes, scheduler.SavedKvBytes);
        if (gapTarget is { } target && coefficients.PromptToken > 0)
        {
            var left = target.TotalSeconds - coefficients.Of(work with { PromptTokens = 0, PromptContext = 0, MovedTokens = 0 });
            Volatile.Write(ref promptBudget, (int)Math.Clamp(left / coefficients.PromptToken, 0, int.MaxValue));
        }

        if (prefixes is not null)
        {
            Volatile.Write(ref prefixNodes, prefixes.Nodes);
            Volatile.Write(ref evictedBlocks, prefixes.EvictedBlocks);
        }
    }

    /// <summary>What was noted, with what others know.</summary>
    public EngineStatus Status(EngineStats stats, IReadOnlyList<int> runningByClass, TenantAccounts tenants, IReadOnlyList<long> gapCauses) => new()
    {
        Stats = stats,
        Policy = policy,
        GapTarget = gapTarget,
        LastStep = new StepStatus(
            Volatile.Read(ref decodeRows),
            Volatile.Read(ref promptTokens),
            new TimeSpan(Volatile.Read(ref ticks)),
            new TimeSpan(Volatile.Read(ref predictedTicks)),
            gapTarget is null ? null : Volatile.Read(ref promptBudget)),
        RunningByClass = runningByClass,
        Tenants = [.. tenants.Select(Of).OrderByDescending(tenant => tenant.Service).ThenBy(tenant => tenant.Name, StringComparer.Ordinal)],
        PrefixNodes = Volatile.Read(ref prefixNodes),
        EvictedBlocks = Volatile.Read(ref evictedBlocks),
        Preemptions = Volatile.Read(ref preemptions),
        SavedKvBytes = Volatile.Read(ref savedKvBytes),
        GapCauses = gapCauses,
    };

    private static TenantStatus Of(TenantAccount tenant) =>
        new(tenant.Name, tenant.Weight, tenant.Service, [.. tenant.Queued], Enum.GetValues<ServiceClass>().Sum(tenant.Outstanding));
}
