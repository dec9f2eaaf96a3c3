using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Serving;
using Penstock.Engine.Serving.Gaps;
using Penstock.Engine.Simulation;
using Penstock.Engine.Tests.Fakes;

namespace Penstock.Engine.Tests.Serving;

/// <summary>A gap over the target is counted under what the steps between its two tokens did.</summary>
public sealed class GapCauseTests
{
    private static readonly TimeSpan Target = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(30);

    private readonly GapWatch watch = new(Target);
    private readonly GapTally tally = new();

    [Fact]
    public void Add_WithinTheTarget_IsNotCounted()
    {
        tally.Add(Target, watch, watch.Now, preempted: true);

        Assert.Equal(Target, tally.Largest);
        Assert.Empty(tally.ToRecord().Counts);
        Assert.Null(tally.ToRecord().LargestCause);
    }

    [Fact]
    public void Add_NothingKnown_IsUnknown()
    {
        var before = watch.Now;
        tally.Add(Gap, watch, before, preempted: false);

        Assert.Equal(GapCause.Unknown, tally.ToRecord().LargestCause);
        Assert.Equal(1, watch.Total(GapCause.Unknown));
    }

    [Theory]
    [InlineData(ServiceClass.Interactive)]
    [InlineData(ServiceClass.Standard)]
    [InlineData(ServiceClass.Batch)]
    public void Add_PromptOfAnother_IsPrefillOfItsClass(ServiceClass ofClass)
    {
        var before = watch.Now;
        watch.Note(PlanOfPrompt(ofClass));
        tally.Add(Gap, watch, before, preempted: false);
        tally.Add(Gap / 2, watch, watch.Now, preempted: false);

        var record = tally.ToRecord();
        Assert.Equal((GapCause.Prefill, (ServiceClass?)ofClass), (record.LargestCause, record.LargestCauseClass));
        Assert.Equal((1, 1), (record.Counts[(int)GapCause.Prefill], record.Counts[(int)GapCause.Unknown]));
        Assert.Equal(Target, record.Target);
    }

    [Fact]
    public void Add_Preempted_GoesBeforeEverything()
    {
        var before = watch.Now;
        watch.Note(PlanOfPrompt(ServiceClass.Standard));
        tally.Add(Gap, watch, before, preempted: true);

        Assert.Equal(GapCause.Preemption, tally.ToRecord().LargestCause);
    }

    [Theory]
    [InlineData(false, GapCause.KvMovement)]
    [InlineData(true, GapCause.Prefill)]
    public void Add_PrefixesWereEvicted_IsKvMovementUnlessAPromptWasComputed(bool prompt, GapCause expected)
    {
        watch.Note(Empty().Plan(0), evictedBlocks: 3);
        var before = watch.Now;
        watch.Note(prompt ? PlanOfPrompt(ServiceClass.Standard) : Empty().Plan(0), evictedBlocks: 5);
        tally.Add(Gap, watch, before, preempted: false);
        tally.Add(Gap, watch, watch.Now, preempted: false);

        Assert.Equal((1, 1), (tally.ToRecord().Counts[(int)expected], tally.ToRecord().Counts[(int)GapCause.Unknown]));
    }

    [Theory]
    [InlineData(15, GapCause.GarbageCollection)]
    [InlineData(5, GapCause.Unknown)]
    public void Explain_CollectionPaused_CountsWhenItTookMostOfTheExcess(int milliseconds, GapCause expected)
    {
        var scheduler = Empty();
        var (before, now) = (default(StepEvents), default(StepEvents));
        now.Note(scheduler.Plan(0), TimeSpan.FromMilliseconds(milliseconds), totalEvicted: 0);

        Assert.Equal(expected, now.Explain(before, preempted: false, Gap - Target).Cause);
    }

    [Fact]
    public async Task Summary_SlowStep_HasItsGapCounted()
    {
        var clock = new VirtualClock();
        var runner = new SimulatedRunner(new SimulatedRunnerOptions { VocabularySize = 258, Faults = [new PlantedFault(5, FaultKind.Slow)] }, clock);
        await using var target = Requests.Target(runner, clock, new EngineOptions { Seed = 7 });

        var answer = await target.AnswerAsync(Requests.Completion("hello", 12) with { IgnoreEndOfGeneration = true });

        Assert.Equal(GapCause.Unknown, answer.Summary.Gaps.LargestCause);
        Assert.Equal(1, answer.Summary.Gaps.Counts.Sum());
        Assert.True(answer.Summary.LargestGap > answer.Summary.Gaps.Target);
    }

    private static Scheduler Empty() => new(
        new SimulatedRunner(new SimulatedRunnerOptions(), new VirtualClock()).Kv, new SchedulerLimits(64, 4), new SchedulerOptions());

    private static StepPlan PlanOfPrompt(ServiceClass ofClass)
    {
        var scheduler = Empty();
        scheduler.Submit(new SequenceGroup(new int[8], 4, 1, GroupTerms.Default with { Class = ofClass }));
        return scheduler.Plan(0);
    }
}
