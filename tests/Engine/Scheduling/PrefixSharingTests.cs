using Penstock.Contracts.Requests;
using Penstock.Engine.KvCache;
using Penstock.Engine.Running;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Simulation;

namespace Penstock.Engine.Tests.Scheduling;

public sealed class PrefixSharingTests : IDisposable
{
    private readonly SimulatedRunner runner = new(new SimulatedRunnerOptions { TotalBlocks = 64, MaxSequences = 12 });
    private readonly AbortSignal abort = new();
    private readonly PrefixCache cache;
    private readonly Scheduler scheduler;

    public PrefixSharingTests()
    {
        cache = new PrefixCache(runner.Kv, firstSequence: 8, sequences: 4);
        scheduler = new Scheduler(runner.Kv, new SchedulerLimits(32, 8), new SchedulerOptions { Policy = SchedulingPolicy.FirstComeFirstServed }, cache);
    }

    public void Dispose() => runner.Dispose();

    [Fact]
    public void Admission_CachedPrompt_OnlyTheRestIsComputed()
    {
        RunToTheEnd(Submit(100));
        var again = Submit(100);
        RunToTheEnd(again);
        Assert.Equal((96, 4), (again.Cached, again.Prefilled));
        var longer = Submit(120);
        RunToTheEnd(longer);
        Assert.Equal((96, 24), (longer.Cached, longer.Prefilled));
    }

    [Fact]
    public void Admission_OtherDomainOrHiddenStates_NothingIsShared()
    {
        RunToTheEnd(Submit(100));
        var (other, hidden) = (Submit(100, domain: "other"), Submit(100, output: 0));
        RunToTheEnd(other);
        RunToTheEnd(hidden);
        Assert.Equal((0, 0), (other.Cached, hidden.Cached));
    }

    [Fact]
    public void Plan_SamePromptTwiceAtATime_IsComputedOnce()
    {
        var (first, second, third) = (Submit(100), Submit(110), Submit(100));
        RunToTheEnd(first, second, third);
        Assert.Equal(100, first.Prefilled);
        Assert.Equal((96, 14), (second.Cached, second.Prefilled));
        Assert.Equal((96, 4), (third.Cached, third.Prefilled));
    }

    [Fact]
    public void Plan_LeaderIsCancelled_NextTakesWhatThereIsAndLeads()
    {
        var (first, second, third) = (Submit(200), Submit(200), Submit(200));
        Step();
        Step();
        scheduler.End(first, keep: true);
        RunToTheEnd(second, third);
        Assert.Equal((64, 136), (second.Cached, second.Prefilled));
        Assert.Equal((192, 8), (third.Cached, third.Prefilled));
    }

    [Fact]
    public void Plan_LeaderOfALowerClass_IsNotWaitedFor()
    {
        var batch = Submit(200, serviceClass: ServiceClass.Batch);
        Step();
        var interactive = Submit(200, serviceClass: ServiceClass.Interactive);
        Step();
        Assert.Null(interactive.Leader);
        RunToTheEnd(batch, interactive);
    }

    [Fact]
    public void Plan_LeaderGetsNothing_IsWaitedForSixteenPlansOnly()
    {
        // The one in between is owed so much that it takes every step, and the leader stands still.
        using var scene = new Scene(rows: 32, blocks: 1000, parked: 4, weights: new Dictionary<string, double> { ["greedy"] = 1e6, ["next"] = 1e6 });
        var leader = scene.Submit("slow", 400, 5);
        scene.Step();
        scene.Submit("greedy", 5000, 5, token: 7);
        scene.Step();
        scene.Step();
        var stored = leader.Prefilled;
        var follower = scene.Submit("next", 400, 5);
        scene.Until(() => follower.Leader == leader, most: 3);
        for (var plans = 2; plans < 16; plans++)
            scene.Step();
        Assert.Equal((leader, stored), (follower.Leader, leader.Prefilled));
        scene.Step();
        Assert.Null(follower.Leader);
        Assert.Equal(stored, follower.Cached);
        while (follower.State != SequenceGroupState.Ended)
            scene.Step();
        Assert.Equal(SequenceGroupState.Prefilling, leader.State);
    }

    [Fact]
    public void End_AfterAFailure_NothingIsKept()
    {
        var group = Submit(100);
        Step();
        scheduler.End(group);
        Assert.Equal((64, 0), (runner.Kv.FreeBlocks, cache.Blocks));
    }

    [Fact]
    public void Admission_NoFreeBlocks_EvictsWhatIsCached()
    {
        // 64 blocks: each prompt of 300 tokens leaves 18 of them behind.
        for (var i = 0; i < 6; i++)
        {
            var group = Submit(300, first: i);
            RunToTheEnd(group);
            Assert.Equal(0, group.Cached);
        }

        Assert.True(cache.EvictedBlocks > 0);
        Assert.True(cache.Blocks > 40);
    }

    [Fact]
    public void Answer_NextTurn_FindsPromptAndAnswer()
    {
        var first = Submit(40, output: 60);
        RunToTheEnd(first);
        int[] turn = [.. first.Prompt.Span, .. Enumerable.Repeat(1, 59), 9, 9, 9];
        var second = new SequenceGroup(turn, 4, 1);
        scheduler.Submit(second);
        RunToTheEnd(second);
        Assert.Equal(96, second.Cached);
    }

    [Fact]
    public void Plan_SteadyDecodeWithACache_AllocatesNothing()
    {
        Submit(30, output: 100);
        Submit(30, output: 100);
        var before = 0L;
        var result = new StepResult();
        for (var i = 0; i < 60; i++)
        {
            if (i == 20)
                before = GC.GetAllocatedBytesForCurrentThread();
            Step(result);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private SequenceGroup Submit(int prompt, int output = 4, int first = 0, string domain = "", ServiceClass serviceClass = ServiceClass.Standard)
    {
        int[] tokens = [.. Enumerable.Range(0, prompt).Select(i => (i + first) % 200)];
        var group = new SequenceGroup(tokens, output, 1, new GroupTerms { PrefixDomain = domain, Class = serviceClass });
        scheduler.Submit(group);
        return group;
    }

    private void RunToTheEnd(params SequenceGroup[] groups)
    {
        for (var steps = 0; groups.Any(group => group.State != SequenceGroupState.Ended); steps++)
        {
            Assert.True(steps < 500, "The groups do not end.");
            Step();
            Assert.Null(scheduler.Check());
        }
    }

    private void Step(StepResult? result = null)
    {
        result ??= new StepResult();
        var plan = scheduler.Plan(1);
        result.Begin(runner.Run(plan.Batch, abort));
        foreach (var slice in plan.Slices)
        {
            if (slice.Samples == 0)
                continue;
            if (slice.Group.At(0).Sampled + 1 == slice.Group.MaxOutputTokens)
                result.End(slice.Group, 0);
            else
                result.Continue(slice.Group, 0, 1);
        }

        scheduler.Apply(plan, result);
    }
}
