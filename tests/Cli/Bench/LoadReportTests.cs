using Penstock.Cli.Bench.Load;
using Penstock.Cli.Bench.Streaming;

namespace Penstock.Cli.Tests.Bench;

public class LoadReportTests
{
    private static readonly LatencyTargets NoTargets = new(null, null);

    [Theory]
    [InlineData(1, 501f, 20f, 20f)]
    [InlineData(0, 499f, 20f, 20f, 20f)]
    [InlineData(1, 501f, 20f, 20f, 20f)]
    [InlineData(0, 501f, 51f, 51f, 51f)]
    [InlineData(2, 700f, 1f, 1f, 1f, 900f)]
    [InlineData(0, 501f)]
    [InlineData(0)]
    public void In_Gaps_CountsThoseOverHalfASecondAndTenMedians(int stalls, params float[] gaps) => Assert.Equal(stalls, Stalls.In(gaps));

    [Fact]
    public void Of_Samples_CountsOutcomesAndTokens()
    {
        var report = LoadReport.Of([Sample(10, 5), Sample(20, 5, ChatOutcome.Cancelled), Failed(), Failed()], TimeSpan.FromSeconds(2), NoTargets);

        Assert.Equal((4, 1, 1, 2), (report.Requests, report.Ok, report.Cancelled, report.Errors));
        Assert.Equal(2, report.Failures["HTTP 429 queue_full"]);
        Assert.Equal(10, report.OutputTokens);
        Assert.Equal(5, report.OutputTokensPerS);
        Assert.Equal(new Distribution(10, 20, 20, 20), report.TtftMs);
    }

    [Fact]
    public void Of_Targets_GoodputCountsThoseThatMeetAll()
    {
        var samples = new[] { Sample(10, 20), Sample(90, 20), Sample(10, 200), Sample(10, 20, ChatOutcome.Cancelled) };

        Assert.Equal(1, LoadReport.Of(samples, TimeSpan.FromSeconds(1), new LatencyTargets(50, 100)).GoodputPerS);
        Assert.Equal(3, LoadReport.Of(samples, TimeSpan.FromSeconds(1), NoTargets).GoodputPerS);
    }

    [Fact]
    public void Of_OneLongGapInAHundred_StillMeetsTheTarget()
    {
        var sample = Sample(10, 20) with { GapsMs = [.. Enumerable.Repeat(20f, 99), 400f] };

        Assert.True(new LatencyTargets(null, 100).AreMetBy(sample));
        Assert.False(new LatencyTargets(null, 100).AreMetBy(sample with { GapsMs = [.. sample.GapsMs, 400f] }));
    }

    [Fact]
    public void Of_TokensThatCameTogether_AreGapsOfZeroAndNoArrivals()
    {
        var report = LoadReport.Of([Sample(10, 20) with { GapsMs = [0, 0, 0, 40], GapsWithinReads = 1 }], TimeSpan.FromSeconds(1), NoTargets);

        Assert.Equal((0, 40, 0.5, 0.25), (report.GapMs.P50, report.ArrivalGapMs.P50, report.SameEventRate, report.SameReadRate));
    }

    [Fact]
    public void Histogram_Values_FallBelowTheirPowerOfTwo() =>
        Assert.Equal([(1, 1), (2, 2), (4, 0), (8, 1)], Histogram.Count([0.7, 1, 1.9, 4]).Select(bar => ((int)bar.Below, bar.Count)));

    private static RequestSample Sample(double ttft, float gap, ChatOutcome outcome = ChatOutcome.Ok) => new()
    {
        Outcome = outcome,
        TtftMs = ttft,
        TotalMs = ttft + gap,
        SendLagMs = 0,
        OutputTokens = 5,
        GapsMs = [gap, gap, gap, gap],
        GapsWithinReads = 0,
    };

    private static RequestSample Failed() => new()
    {
        Outcome = ChatOutcome.Failed,
        Failure = "HTTP 429 queue_full",
        TotalMs = 1,
        SendLagMs = 0,
        OutputTokens = 0,
        GapsMs = [],
        GapsWithinReads = 0,
    };
}
