using System.Diagnostics;
using Penstock.Contracts.Requests;
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
    private long now = TimeSpan.TicksPerSecond;

    public Scenario(SchedulingPolicy policy, int running, int waiting, int tenants)
    {
        (this.running, this.waiting, this.tenants) = (running, waiting, tenants);
        kv = new BookkeepingStore(running * Context / 16, running, Context);
        scheduler = new EngineScheduler(kv, new SchedulerLimits(512, running), new SchedulerOptions { Policy = policy, GapTarget = TimeSpan.FromMilliseconds(100) });
        Refill();
    }

    /// <summary>Steps until the costs are learned and all places are taken.</summary>
    public void WarmUp(int steps)
    {
        for (var i = 0; i < steps; i++)
            Step();
    }

    /// <summary>One step, of which planning and taking in the result are measured.</summary>
    /// <returns>Microseconds, bytes allocated, and groups that decoded or prefilled in it.</returns>
    public (double Microseconds, long Bytes, int Groups) Step()
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        var plan = scheduler.Plan(now);
        var planned = Stopwatch.GetElapsedTime(start);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;

        kv.Run(plan.Batch);
        result.Begin(StepOutcome.Completed);
        result.Duration = TimeSpan.FromSeconds(0.009 + (0.001 * plan.Work.DecodeRows) + (0.001 * plan.Work.PromptTokens));
        now += result.Duration.Ticks;
        foreach (var slice in plan.Slices)
            Decide(slice);

        var groups = plan.Slices.Length;
        var before = GC.GetAllocatedBytesForCurrentThread();
        start = Stopwatch.GetTimestamp();
        scheduler.Apply(plan, result);
        var applied = Stopwatch.GetElapsedTime(start);
        bytes += GC.GetAllocatedBytesForCurrentThread() - before;
        Refill();
        return ((planned + applied).TotalMicroseconds, bytes, groups);
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

    private void Refill()
    {
        while (scheduler.Running + scheduler.Waiting < running + waiting)
        {
            var terms = new GroupTerms { Tenant = accounts.Of($"tenant {random.Next(tenants)}"), Class = (ServiceClass)random.Next(3), Priority = random.Next(3) };
            scheduler.Submit(new SequenceGroup(new int[random.Next(1, 300)], 3000, 1, terms), now);
        }
    }
}
