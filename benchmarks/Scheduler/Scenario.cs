using System.Diagnostics;
using Penstock.Contracts.Requests;
using Penstock.Engine.KvCache;
using Penstock.Engine.Running;
using Penstock.Engine.Scheduling;
using EngineScheduler = Penstock.Engine.Scheduling.Scheduler;

namespace Penstock.Benchmarks.Scheduler;

/// <summary>A scheduler with as many running and waiting groups as are asked for: whoever ends is replaced at the end of the queue, outside of what is measured.</summary>
internal sealed class Scenario
{
    private const int Context = 4096;

    private readonly Random random = new(1);
    private readonly TenantAccounts accounts = new();
    private readonly StepResult result = new();
    private readonly BookkeepingStore kv;
    private readonly EngineScheduler scheduler;
    private readonly int running;
    private readonly int waiting;
    private readonly int tenants;
    private readonly bool shared;
    private long now = TimeSpan.TicksPerSecond;

    public Scenario(SchedulingPolicy policy, int running, int waiting, int tenants, bool shared)
    {
        (this.running, this.waiting, this.tenants, this.shared) = (running, waiting, tenants, shared);
        var parked = shared ? 3 * running : 0;
        kv = new BookkeepingStore(running * Context / 16, running + parked, Context);
        scheduler = new EngineScheduler(
            kv,
            new SchedulerLimits(512, running),
            new SchedulerOptions { Policy = policy, GapTarget = TimeSpan.FromMilliseconds(100) },
            shared ? new PrefixCache(kv, running, parked) : null);
        Refill();
    }

    /// <summary>Steps until the costs are learned and all places are taken.</summary>
    public void WarmUp(int steps)
    {
        for (var i = 0; i < steps; i++)
            Step();
    }

    /// <summary>One step, of which planning and taking in the result are measured.</summary>
    /// <returns>Microseconds of both, bytes that each allocated, and groups that decoded or prefilled in it.</returns>
    public (double Microseconds, long PlanBytes, long ApplyBytes, int Groups) Step()
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        var plan = scheduler.Plan(now);
        var planned = Stopwatch.GetElapsedTime(start);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;

        kv.Run(plan.Batch);
        result.Begin(StepOutcome.Completed);
        result.Duration = TimeSpan.FromSeconds(0.009 + (0.0005 * plan.Work.DecodeRows) + ((shared ? 0.0001 : 0.001) * plan.Work.PromptTokens));
        now += result.Duration.Ticks;
        foreach (var slice in plan.Slices)
            Decide(slice);

        var groups = plan.Slices.Length;
        var before = GC.GetAllocatedBytesForCurrentThread();
        start = Stopwatch.GetTimestamp();
        scheduler.Apply(plan, result);
        var applied = Stopwatch.GetElapsedTime(start);
        var applyBytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Refill();
        return ((planned + applied).TotalMicroseconds, bytes, applyBytes, groups);
    }

    private void Decide(PlannedSlice slice)
    {
        if (slice.Samples == 0)
            return;
        if (random.Next(200) == 0)
            result.End(slice.Group, 0);
        else
            result.Continue(slice.Group, 0, 1);
    }

    // One of ten system prompts, and a question of its own.
    private int[] Prompt()
    {
        var system = random.Next(10);
        var prompt = new int[1000 + random.Next(1, 300)];
        for (var i = 0; i < prompt.Length; i++)
            prompt[i] = i < 1000 ? (system * 1000) + i : random.Next(50_000);
        return prompt;
    }

    private void Refill()
    {
        while (scheduler.Running + scheduler.Waiting < running + waiting)
        {
            var tenant = random.Next(tenants);
            var terms = new GroupTerms { Tenant = accounts.Of($"tenant {tenant}"), Class = (ServiceClass)random.Next(3), Priority = random.Next(3), PrefixDomain = $"tenant {tenant}" };
            scheduler.Submit(new SequenceGroup(shared ? Prompt() : new int[random.Next(1, 300)], shared ? 2700 : 3000, 1, terms), now);
        }
    }
}
