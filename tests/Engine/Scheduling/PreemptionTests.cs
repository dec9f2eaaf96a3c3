using Penstock.Contracts.Requests;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Scheduling.Cost;
using Penstock.Engine.Scheduling.Order;

namespace Penstock.Engine.Tests.Scheduling;

/// <summary>The first four tests are named for the faults that vLLM's priority scheduler had.</summary>
public sealed class PreemptionTests
{
    private static readonly ClassPatience Impatient = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));

    [Fact]
    public void StarvationOfTheLowClass_UnderEndlessHigherLoad_LowClassEnds()
    {
        using var scene = new Scene(new SchedulerOptions { GapTarget = TimeSpan.FromMilliseconds(50), Patience = Impatient }, sequences: 2, blocks: 40);
        var low = scene.Submit("b", 60, 20, ServiceClass.Batch);
        scene.Until(
            () =>
            {
                while (scene.Scheduler.Waiting < 4)
                    scene.Submit("a", 30, 20, ServiceClass.Interactive);
                return low.State == SequenceGroupState.Ended;
            },
            most: 5000);
    }

    [Fact]
    public void PreemptedRequestThatLosesItsPlace_ComesBackBeforeThoseThatCameLater()
    {
        using var scene = new Scene(sequences: 2);
        var (first, second) = (scene.Submit("b", 20, 30, ServiceClass.Batch), scene.Submit("b", 20, 30, ServiceClass.Batch));
        scene.Step();
        var later = scene.Submit("b", 20, 30, ServiceClass.Batch);
        var high = scene.Submit("a", 20, 5, ServiceClass.Interactive);
        scene.Step();
        Assert.Equal(1, first.Preemptions + second.Preemptions);
        var victim = first.Preemptions == 1 ? first : second;
        Assert.Equal(SequenceGroupState.Waiting, victim.State);
        scene.Until(() => high.State == SequenceGroupState.Ended);
        scene.Step();
        Assert.Equal((SequenceGroupState.Decoding, SequenceGroupState.Waiting), (victim.State, later.State));
        scene.Until(() => scene.Scheduler.Idle);
    }

    [Fact]
    public void SlotsFullOfLowPriorityWhileHighWaits_HighStartsAtOnce()
    {
        using var scene = new Scene(sequences: 4);
        var low = Enumerable.Range(0, 4).Select(_ => scene.Submit("b", 20, 100, ServiceClass.Batch)).ToArray();
        scene.Step();
        Assert.Equal(4, scene.Scheduler.Running);
        var high = scene.Submit("a", 20, 5, ServiceClass.Interactive);
        Assert.Contains(high, scene.Step());
        Assert.Equal(SequenceGroupState.Decoding, high.State);
        Assert.Equal(1, low.Sum(group => group.Preemptions));
    }

    [Fact]
    public void TwoEqualsThatEvictEachOtherForEver_NeitherEvictsTheOther()
    {
        using var scene = new Scene(new SchedulerOptions { Patience = Impatient }, sequences: 8, blocks: 10);
        var running = scene.Submit("a", 100, 50, ServiceClass.Batch);
        scene.Step();
        var waiting = scene.Submit("b", 100, 50, ServiceClass.Batch);
        scene.Until(() => scene.Scheduler.Idle);
        Assert.Equal((0, 0, 0L), (running.Preemptions, waiting.Preemptions, scene.Scheduler.Preemptions));
    }

    /// <summary>A group that was lifted evicts nobody; what it waits for comes all the same, since nobody overtakes it whose tenant has had more.</summary>
    [Theory]
    [InlineData(ServiceClass.Interactive)]
    [InlineData(ServiceClass.Standard)]
    [InlineData(ServiceClass.Batch)]
    public void Age_NeedsAllBlocksAmongEndlessSmallOnes_GetsIn(ServiceClass ofClass)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            using var scene = new Scene(new SchedulerOptions { GapTarget = TimeSpan.FromMilliseconds(100), Patience = Impatient }, sequences: 6, blocks: 40);
            for (var i = 0; i < 30; i++)
                Small();
            scene.Until(() => scene.Runner.Steps > 20);
            var large = scene.Submit("large", 500, 100, ofClass);
            scene.Until(() =>
            {
                while (scene.Scheduler.Waiting < 12)
                    Small();
                return large.State == SequenceGroupState.Ended;
            });
            Assert.Equal(100, large.At(0).Sampled);

            void Small() => scene.Submit(
                $"tenant {random.Next(3)}", random.Next(1, 80), random.Next(1, 60), (ServiceClass)random.Next((int)ofClass + 1));
        }
    }

    [Fact]
    public void Plan_SeveralMayGiveWay_TheOneThatLosesLeastDoes()
    {
        using var scene = new Scene(sequences: 3, blocks: 200);
        var (large, small, middle) = (scene.Submit("b", 900, 20, ServiceClass.Batch), scene.Submit("b", 20, 20, ServiceClass.Batch), scene.Submit("b", 300, 20, ServiceClass.Batch));
        scene.Until(() => middle.State == SequenceGroupState.Decoding);
        scene.Submit("a", 20, 5, ServiceClass.Standard);
        scene.Step();
        Assert.Equal((0, 1, 0), (large.Preemptions, small.Preemptions, middle.Preemptions));
    }

    [Fact]
    public void Plan_NotEnoughEvenIfAllGiveWay_NobodyDoes()
    {
        using var scene = new Scene(sequences: 4, blocks: 20);
        scene.Submit("c", 150, 20, ServiceClass.Interactive);
        var low = scene.Submit("b", 20, 20, ServiceClass.Batch);
        scene.Step();
        scene.Submit("a", 250, 20, ServiceClass.Interactive);
        scene.Step();
        Assert.Equal(0, low.Preemptions);
    }

    [Theory]
    [InlineData(1e-9, 256)]
    [InlineData(1, 0)]
    [InlineData(1e-9, 0, 0)]
    public void Plan_Preempted_IsSavedWhenThatIsCheaperAndFits(double movedToken, int savedAtLeast, long mostBytes = 1 << 20)
    {
        var prior = StepCoefficients.Prior with { MovedToken = movedToken };
        using var scene = new Scene(new SchedulerOptions { Prior = prior, SavedKvBytes = mostBytes }, sequences: 1);
        var low = scene.Submit("b", 40, 30, ServiceClass.Batch);
        scene.Until(() => scene.Runner.Steps == 10);
        var high = scene.Submit("a", 20, 5, ServiceClass.Interactive);
        scene.Step();
        Assert.Equal(1, low.Preemptions);
        Assert.InRange(scene.Scheduler.SavedKvBytes, savedAtLeast, savedAtLeast == 0 ? 0 : mostBytes);
        scene.Until(() => high.State == SequenceGroupState.Ended);
        scene.Step();
        Assert.True(scene.Scheduler.SavedKvBytes == 0 && low.State != SequenceGroupState.Waiting);
        scene.Until(() => scene.Scheduler.Idle);
        Assert.Equal((40, 30), (low.Prefilled, low.At(0).Sampled));
        Assert.Equal(40 + (2 * 30), scene.Tenant("b").Service);
    }
}
