using Penstock.Planning.Fairness;

namespace Penstock.Planning.Tests.Fairness;

/// <summary>Examples small enough to be computed by hand.</summary>
public sealed class ServiceDifferenceTests
{
    [Theory]
    [InlineData(new[] { 10.0, 4 }, new[] { 10.0, 4 }, 0)] // Each got what it asked for.
    [InlineData(new[] { 10.0, 4 }, new[] { 10.0, 6 }, 2)] // The second lacks 2 of what it asked for.
    [InlineData(new[] { 10.0, 4 }, new[] { 10.0, 30 }, 6)] // It asked for more than the first got: only up to that counts.
    [InlineData(new[] { 10.0, 4 }, new[] { 7.0, 3 }, 1)] // Service of earlier requests counts the same way; the first has the most, so nothing.
    public void Difference_TwoTenants_IsWhatTheyLack(double[] received, double[] requested, double expected) =>
        Assert.Equal(expected, ServiceDifference.Difference(received, requested), 1e-9);

    [Fact]
    public void Series_OneTenantServedTheOtherWaits_IsComputedByHand()
    {
        // Two tenants each ask for 600 at 100 s; the first is served from 100 to 110 s, the second from 300 to 310 s.
        ServiceSpan[] spans = [new(0, 100, 100, 110, 600), new(1, 100, 300, 310, 600)];
        var series = ServiceDifference.Series(spans, 2, 430);

        // 19 points, (430 - 30) / 20 = 20 s apart: 50, 70, ... 410 s.
        Assert.Equal(19, series.Count);
        Assert.Equal((50, 410), (series[0].AtS, series[^1].AtS));

        // At 110 s the window is 80 to 140 s: 600 / 60 received by the first, asked for by both.
        Assert.Equal(new DifferencePoint(110, 10, 600), series[3]);

        // At 90 s it is 60 to 120 s: all of the first's service again, though nothing has been received yet.
        Assert.Equal(new DifferencePoint(90, 10, 0), series[2]);

        // At 310 s the window is 280 to 340 s: the second gets 10 and asked for nothing; the first neither. Service since the warm-up is equal.
        Assert.Equal(new DifferencePoint(310, 0, 0), series[13]);
    }

    [Fact]
    public void Series_HalfOfARequestInTheWindow_CountsHalf()
    {
        // Served from 110 to 130 s; the window around 90 s ends at 120 s.
        var series = ServiceDifference.Series([new ServiceSpan(0, 100, 110, 130, 120), new ServiceSpan(1, 0, 0, 0, 1)], 2, 430);
        Assert.Equal(0, series[2].Accumulated);
        Assert.Equal(120, series[4].Accumulated, 1e-9);
        Assert.Equal(60, new ServiceSpan(0, 100, 110, 130, 120).Between(60, 120), 1e-9);
    }

    [Fact]
    public void Series_NoLongerThanTheWarmUp_IsEmpty() => Assert.Empty(ServiceDifference.Series([new ServiceSpan(0, 0, 1, 2, 3)], 1, 30));

    [Fact]
    public void Between_OneTokenOnly_IsAllAtItsEnd()
    {
        var span = new ServiceSpan(0, 0, 5, 5, 7);
        Assert.Equal((0, 7, 0), (span.Between(0, 4), span.Between(4, 5), span.Between(5, 6)));
    }

    [Fact]
    public void StepDone_BothWait_FollowsTheDriftAndForgetsItWhenOneDoesNot()
    {
        var backlog = BackloggedDifference.For(2)!;
        backlog.Arrived(0);
        Step(0, 100); // Only the first waits.
        Assert.Equal(0, backlog.Max);
        backlog.Arrived(1);
        Step(0, 5);
        Step(1, 12);
        Assert.Equal(12, backlog.Max); // From +5 to -7.
        backlog.Started(1);
        Step(0, 1000);
        Assert.Equal(12, backlog.Max);

        void Step(int tenant, double service)
        {
            backlog.Serve(tenant, service);
            backlog.StepDone();
        }
    }

    [Fact]
    public void For_TooManyTenants_IsLeftOut() => Assert.Null(BackloggedDifference.For(BackloggedDifference.MostTenants + 1));
}
