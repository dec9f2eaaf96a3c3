using Penstock.Routing.Breakers;

namespace Penstock.Routing.Tests;

public sealed class BreakerTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private readonly Breaker breaker = new(BreakerPolicy.Default);

    [Fact]
    public void Failed_FewerCallsThanSaySomething_StaysClosed()
    {
        Fail(4);

        Assert.Equal(BreakerState.Closed, breaker.StateAt(Start));
        Assert.Equal(TimeSpan.Zero, breaker.TryEnter(Start));
    }

    [Fact]
    public void Failed_Often_OpensAndSaysForHowLong()
    {
        Fail(5);

        Assert.Equal(BreakerState.Open, breaker.StateAt(Start));
        Assert.Equal(TimeSpan.FromSeconds(5), breaker.TryEnter(Start));
    }

    [Fact]
    public void Failed_EveryOtherCall_OpensToo()
    {
        for (var i = 0; i < 5; i++)
        {
            breaker.Succeeded(Start);
            breaker.Failed(Start);
        }

        Assert.Equal(BreakerState.Open, breaker.StateAt(Start));
    }

    [Fact]
    public void Failed_LongAgo_IsForgotten()
    {
        Fail(4);
        breaker.Failed(Start.AddSeconds(31));

        Assert.Equal(BreakerState.Closed, breaker.StateAt(Start.AddSeconds(31)));
    }

    [Fact]
    public void TryEnter_OpenTimeIsOver_LetsOneProbeIn()
    {
        Fail(5);
        var later = Start.AddSeconds(5);

        Assert.Equal(BreakerState.HalfOpen, breaker.StateAt(later));
        Assert.Equal(TimeSpan.Zero, breaker.TryEnter(later));
        Assert.NotEqual(TimeSpan.Zero, breaker.TryEnter(later));
    }

    [Fact]
    public void TryEnter_ProbeNeverReported_LetsAnotherInLater()
    {
        Fail(5);
        breaker.TryEnter(Start.AddSeconds(5));

        Assert.Equal(TimeSpan.Zero, breaker.TryEnter(Start.AddSeconds(10)));
    }

    [Fact]
    public void Succeeded_Probe_Closes()
    {
        Fail(5);
        breaker.TryEnter(Start.AddSeconds(5));
        breaker.Succeeded(Start.AddSeconds(5));

        Assert.Equal(BreakerState.Closed, breaker.StateAt(Start.AddSeconds(5)));
        Assert.Equal(TimeSpan.Zero, breaker.TryEnter(Start.AddSeconds(5)));
    }

    [Fact]
    public void Failed_Probe_OpensForTwiceAsLongUpToAMinute()
    {
        Fail(5);
        var now = Start;
        foreach (var seconds in new[] { 5, 10, 20, 40, 60, 60 })
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), breaker.TryEnter(now));
            now = now.AddSeconds(seconds);
            Assert.Equal(TimeSpan.Zero, breaker.TryEnter(now));
            breaker.Failed(now);
        }
    }

    [Fact]
    public void Rest_UntilThen_NobodyEnters()
    {
        breaker.Rest(Start.AddSeconds(7));

        Assert.Equal(TimeSpan.FromSeconds(7), breaker.TryEnter(Start));
        Assert.Equal(TimeSpan.Zero, breaker.TryEnter(Start.AddSeconds(7)));
        Assert.Equal(BreakerState.Closed, breaker.StateAt(Start));
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            breaker.Failed(Start);
        }
    }
}
