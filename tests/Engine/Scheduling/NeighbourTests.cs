using Penstock.Contracts.Requests;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Simulation;

namespace Penstock.Engine.Tests.Scheduling;

/// <summary>What neighbours notice of each other, in virtual time on a machine of 9 ms a step, 4 ms a stream and 3.2 ms a prompt token.</summary>
public sealed class NeighbourTests
{
    private static readonly TimeSpan Target = TimeSpan.FromMilliseconds(100);

    /// <summary>As measured: 250M parameters on two cores, where a prompt token attends to each token before it in 0.95 ns.</summary>
    private static readonly StepCost Deep = new(TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(1.2), TimeSpan.FromMilliseconds(0.65), TimeSpan.FromMicroseconds(1))
    {
        AttendedTokenSeconds = 0.95e-6,
    };

    /// <summary>Noise of a tenth, and one step in 150 that takes twice as long: the goals are 250 ms at most, 130 ms at the 99th percentile and twice the wait of an unchunked run.</summary>
    [Theory]
    [InlineData(0, 0, 110)]
    [InlineData(0.05, 0, 115)]
    [InlineData(0.1, 0, 130)]
    [InlineData(0.15, 0, 150)]
    [InlineData(0.05, 150, 210)]
    public void LongPrompt_QuadraticCostAndNoise_GapsKeepToTheTarget(double noise, int hiccupEvery, double mostMs)
    {
        var cost = Deep with { Noise = noise, HiccupEvery = hiccupEvery };
        var (gaps, longWait) = LongPrompt(SchedulingPolicy.Fair, cost);
        var (_, unchunkedWait) = LongPrompt(SchedulingPolicy.Unchunked, cost);
        Assert.InRange(gaps.Max(), 0, mostMs);
        Assert.InRange(gaps.Order().ElementAt(gaps.Count * 99 / 100), 0, 130);
        Assert.True(longWait <= 1.5 * unchunkedWait, $"{longWait} s, unchunked {unchunkedWait} s");
    }

    [Fact]
    public void LongPrompt_BesideFourStreams_GapsKeepToTheTargetAndItIsNotHeldUp()
    {
        var (gaps, longWait) = LongPrompt(SchedulingPolicy.Fair);
        var (stalled, unchunkedWait) = LongPrompt(SchedulingPolicy.Unchunked);
        Assert.InRange(gaps.Max(), 0, 250);
        Assert.InRange(gaps.Order().ElementAt(gaps.Count * 99 / 100), 0, 130);
        Assert.True(longWait <= 2 * unchunkedWait, $"{longWait} s, unchunked {unchunkedWait} s");
        Assert.True(stalled.Max() > 10_000, "Without chunking the streams should have stood still.");
    }

    [Fact]
    public void Burst_TenTimesAsManyRequestsOfOneTenant_TheOthersWaitAsBefore()
    {
        var (calm, crowded) = (Waits(burst: 0), Waits(burst: 10));
        Assert.InRange(crowded, 0, calm + 0.5);
        Assert.True(Waits(burst: 10, SchedulingPolicy.FirstComeFirstServed) > 5 * crowded);
    }

    private static (List<double> GapsMs, double LongWait) LongPrompt(SchedulingPolicy policy, StepCost? cost = null)
    {
        using var scene = new Scene(new SchedulerOptions { Policy = policy, GapTarget = Target }, blocks: 2000, rows: 512, cost: cost);
        var streams = Enumerable.Range(0, 4).Select(_ => scene.Submit("a", 30, 3000)).ToArray();
        scene.Until(() => streams.All(group => group.At(0).Sampled > 20));
        var lengthy = scene.Submit("b", 8000, 2);
        var (start, last, gaps) = (scene.Now, scene.Now, new List<double>());
        while (lengthy.State != SequenceGroupState.Decoding)
        {
            var sampled = streams[0].At(0).Sampled;
            scene.Step();
            if (streams[0].At(0).Sampled > sampled)
            {
                gaps.Add((scene.Now - last) / (double)TimeSpan.TicksPerMillisecond);
                last = scene.Now;
            }
        }

        gaps.Add((scene.Now - last) / (double)TimeSpan.TicksPerMillisecond);
        return (gaps, (scene.Now - start) / (double)TimeSpan.TicksPerSecond);
    }

    // Mean seconds to the first token of a tenant that asks now and then, beside one that asks burst times as much at once.
    private static double Waits(int burst, SchedulingPolicy policy = SchedulingPolicy.Fair)
    {
        using var scene = new Scene(new SchedulerOptions { Policy = policy, GapTarget = Target }, blocks: 2000, sequences: 16, rows: 512);
        var waits = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            for (var j = 0; j < burst; j++)
                scene.Submit("b", 200, 20);
            var group = scene.Submit("a", 50, 3, ServiceClass.Standard);
            var start = scene.Now;
            scene.Until(() => group.State == SequenceGroupState.Decoding);
            waits.Add((scene.Now - start) / (double)TimeSpan.TicksPerSecond);
            scene.Until(() => group.State == SequenceGroupState.Ended);
        }

        return waits.Average();
    }
}
