using FsCheck;
using FsCheck.Fluent;
using Penstock.Contracts.Requests;
using Penstock.Engine.Running;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Simulation;

namespace Penstock.Engine.Tests.Scheduling;

public sealed class SchedulerTests : IDisposable
{
    private readonly SimulatedRunner runner = new(new SimulatedRunnerOptions { TotalBlocks = 16, MaxSequences = 4 });

    public void Dispose() => runner.Dispose();

    /// <summary>At least 10^5 steps in all, with runners that throw, fail, hang and run out of blocks, cancels and preemptions under every policy: whoever a faulty step did not compute for goes on, and says what it would have said alone.</summary>
    [Fact]
    public void AnySchedule_WithFaultsCancelsAndPreemptions_InvariantsHold()
    {
        var (steps, faulty, whole, preemptions, cached, evicted) = (0L, 0L, 0L, 0L, 0L, 0L);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(700),
            Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
            {
                using var machine = new SchedulerMachine(seed);
                machine.RunToTheEnd(steps: 120);
                steps += machine.Steps;
                faulty += machine.FaultySteps;
                whole += machine.Whole;
                preemptions += machine.Preemptions;
                cached += machine.Cached;
                evicted += machine.Evicted;
            }));
        Assert.True(steps >= 100_000, $"{steps} steps");
        Assert.True(faulty >= 2000 && whole >= 5000, $"{faulty} faulty steps, {whole} whole answers");
        Assert.True(preemptions >= 100, $"{preemptions} preemptions");
        Assert.True(cached >= 10_000 && evicted >= 1000, $"{cached} cached tokens, {evicted} evicted blocks");
    }

    [Fact]
    public void Plan_DecodesAndPrompts_DecodesFirstThenStartedThenNew()
    {
        var scheduler = Make(budget: 10);
        var (decoding, started, waiting) = (Group(4, 8), Group(30, 8), Group(3, 8));
        scheduler.Submit(decoding);
        Step(scheduler);
        scheduler.Submit(started);
        scheduler.Submit(waiting);
        Step(scheduler);
        var plan = scheduler.Plan(1);
        Assert.Equal([decoding, started], plan.Slices.ToArray().Select(slice => slice.Group));
        Assert.Equal((1, 9), (plan.Slices[0].Rows, plan.Slices[1].Rows));
        Apply(scheduler, plan);
        Step(scheduler);
        plan = scheduler.Plan(1);
        Assert.Equal([decoding, started, waiting], plan.Slices.ToArray().Select(slice => slice.Group));
        Assert.True(plan.Slices[1].CompletesPrompt);
    }

    [Fact]
    public void Plan_WorstCaseDoesNotFit_WaitsForBlocksAndIsNotOvertaken()
    {
        var scheduler = Make(budget: 256);
        var (large, next, small) = (Group(100, 60), Group(100, 60), Group(1, 5));
        foreach (var group in new[] { large, next, small })
            scheduler.Submit(group);
        Step(scheduler);
        Assert.Equal(
            (SequenceGroupState.Decoding, SequenceGroupState.Waiting, SequenceGroupState.Waiting),
            (large.State, next.State, small.State));
        scheduler.End(large);
        Assert.Equal(16, runner.Kv.FreeBlocks);
        Step(scheduler);
        Assert.Equal(SequenceGroupState.Decoding, next.State);
    }

    [Fact]
    public void Apply_SeveralChoices_PromptIsComputedOnceAndShared()
    {
        var scheduler = Make(budget: 256);
        var group = new SequenceGroup(new int[35], 10, 4);
        scheduler.Submit(group);
        Step(scheduler);
        Assert.Equal(35, group.Prefilled);
        Assert.Equal(4, group.LiveChoices);

        // Two whole blocks are shared; each choice has its own third.
        Assert.Equal(16 - (2 + 4), runner.Kv.FreeBlocks);
        Assert.Equal(group.WorstCaseBlocks(16), 16 - runner.Kv.FreeBlocks);
    }

    [Fact]
    public void PlanAndApply_SteadyDecode_AllocateNothing()
    {
        var scheduler = Make(budget: 64);
        for (var i = 0; i < 3; i++)
            scheduler.Submit(Group(5, 60));
        var (result, abort) = (new StepResult(), new AbortSignal());
        var before = 0L;
        for (var i = 0; i < 50; i++)
        {
            if (i == 10)
                before = GC.GetAllocatedBytesForCurrentThread();
            Apply(scheduler, scheduler.Plan(1), result, abort);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>With a queue, several tenants and classes, groups that end and others that are admitted and preempted in their place.</summary>
    [Fact]
    public void PlanAndApply_FairWithAQueue_AllocateNothing()
    {
        using var scene = new Scene(new SchedulerOptions { GapTarget = TimeSpan.FromMilliseconds(100) }, blocks: 400, sequences: 16);
        for (var i = 0; i < 3000; i++)
            scene.Submit($"tenant {i % 20}", 1 + (i % 50), 2 + (i % 40), (ServiceClass)(i % 3));
        var (result, abort, bytes) = (new StepResult(), new AbortSignal(), 0L);
        for (var i = 0; i < 900; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var plan = scene.Scheduler.Plan(scene.Now);
            var planned = GC.GetAllocatedBytesForCurrentThread() - before;
            result.Begin(scene.Runner.Run(plan.Batch, abort));
            foreach (var slice in plan.Slices)
            {
                for (var j = 0; j < slice.Samples; j++)
                {
                    if (slice.Group.At(0).Sampled + 1 == slice.Group.MaxOutputTokens)
                        result.End(slice.Group, 0);
                    else
                        result.Continue(slice.Group, 0, 1);
                }
            }

            before = GC.GetAllocatedBytesForCurrentThread();
            scene.Scheduler.Apply(plan, result);
            bytes += i < 600 ? 0 : planned + GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.InRange(scene.Scheduler.Waiting, 100, 2900);
        Assert.Equal(0, bytes);
    }

    [Fact]
    public void Apply_SampledRowWithoutDecision_Throws()
    {
        var scheduler = Make(budget: 64);
        scheduler.Submit(Group(5, 5));
        var plan = scheduler.Plan(1);
        var result = new StepResult();
        result.Begin(runner.Run(plan.Batch, new AbortSignal()));
        Assert.Throws<InvalidOperationException>(() => scheduler.Apply(plan, result));
    }

    private static SequenceGroup Group(int prompt, int output) => new(new int[prompt], output, 1);

    private Scheduler Make(int budget) => new(runner.Kv, new SchedulerLimits(budget, 4), new SchedulerOptions { Policy = SchedulingPolicy.FirstComeFirstServed });

    private void Step(Scheduler scheduler) => Apply(scheduler, scheduler.Plan(1));

    private void Apply(Scheduler scheduler, StepPlan plan, StepResult? result = null, AbortSignal? abort = null)
    {
        result ??= new StepResult();
        result.Begin(runner.Run(plan.Batch, abort ?? new AbortSignal()));
        foreach (var slice in plan.Slices)
        {
            for (var i = 0; i < slice.Samples; i++)
                result.Continue(slice.Group, slice.IsPrefill ? i : slice.Choice, 1);
        }

        scheduler.Apply(plan, result);
    }
}
