using Penstock.Contracts.Requests;
using Penstock.Engine.Scheduling;

namespace Penstock.Engine.Tests.Scheduling;

/// <summary>What neighbours notice of each other, in virtual time on a machine of 9 ms a step, 4 ms a stream and 3.2 ms a prompt token.</summary>
public sealed class NeighbourTests
{
    private static readonly TimeSpan Target = TimeSpan.FromMilliseconds(100);

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

    private static (List<double> GapsMs, double LongWait) LongPrompt(SchedulingPolicy policy)
    {
        using var scene = new Scene(new SchedulerOptions { Policy = policy, GapTarget = Target }, blocks: 2000, rows: 512);
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
