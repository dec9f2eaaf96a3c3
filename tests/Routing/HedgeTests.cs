using FsCheck;
using FsCheck.Fluent;
using Penstock.Routing.Hedging;

namespace Penstock.Routing.Tests;

public sealed class HedgeTests
{
    private static readonly HedgeFacts Late = new()
    {
        Usual = TimeSpan.FromMilliseconds(300),
        Streams = true,
        HasAnother = true,
        Attempts = 1,
        MostAttempts = 4,
        Limit = TimeSpan.FromSeconds(20),
    };

    [Fact]
    public void Delay_OfAStreamWithAnotherTarget_IsTheUsualTime() => Assert.Equal(TimeSpan.FromMilliseconds(300), HedgeRule.Delay(Late, new HedgePolicy()));

    [Fact]
    public void Delay_OfAQuickTarget_IsTheFloor() => Assert.Equal(TimeSpan.FromMilliseconds(50), HedgeRule.Delay(Late with { Usual = TimeSpan.FromMilliseconds(3) }, new HedgePolicy()));

    public static TheoryData<string, HedgeFacts> Never => new()
    {
        { "nothing is known of the target", Late with { Usual = null } },
        { "nobody else is left", Late with { HasAnother = false } },
        { "it was hedged before", Late with { Hedged = true } },
        { "no further attempt is allowed", Late with { Attempts = 4 } },
        { "the attempt ends before", Late with { Limit = TimeSpan.FromMilliseconds(200) } },
        { "the answer comes as a whole", Late with { Streams = false } },
    };

    [Theory]
    [MemberData(nameof(Never), DisableDiscoveryEnumeration = true)]
    public void Delay_WhereAHedgeIsNotAllowed_IsNone(string why, HedgeFacts facts)
    {
        Assert.NotEmpty(why);
        Assert.Null(HedgeRule.Delay(facts, new HedgePolicy()));
    }

    [Fact]
    public void Delay_OfAWholeAnswer_IsThePolicysToAllow() => Assert.NotNull(HedgeRule.Delay(Late with { Streams = false }, new HedgePolicy { Billed = true }));

    [Fact]
    public void Quantile_OfFewTimes_IsNotKnown()
    {
        var times = new FirstEventTimes();
        for (var i = 1; i < FirstEventTimes.Fewest; i++)
        {
            times.Add(TimeSpan.FromMilliseconds(i));
        }

        Assert.Null(times.Quantile(0.95));
    }

    [Fact]
    public void Quantile_IsThatOfTheNewestTimes()
    {
        var times = new FirstEventTimes();
        for (var i = 1; i <= FirstEventTimes.Remembered; i++)
        {
            times.Add(TimeSpan.FromHours(1));
        }

        for (var i = 1; i <= FirstEventTimes.Remembered; i++)
        {
            times.Add(TimeSpan.FromMilliseconds(i));
        }

        Assert.Equal(TimeSpan.FromMilliseconds(244), times.Quantile(0.95));
        Assert.Equal(TimeSpan.FromMilliseconds(256), times.Quantile(0.999));
    }

    [Fact]
    public void TrySpend_AnyTraffic_NeverExceedsTheShare() => Prop.ForAll(
        Gen.Choose(1, 500).ListOf().ToArbitrary(),
        prompts =>
        {
            const double Share = 0.05;
            var budget = new WasteBudget(Share);
            var (requests, tokens, hedges, wasted) = (0, 0L, 0, 0L);
            foreach (var prompt in prompts)
            {
                budget.Request(prompt);
                (requests, tokens) = (requests + 1, tokens + prompt);
                if (budget.TrySpend(prompt))
                {
                    (hedges, wasted) = (hedges + 1, wasted + prompt);
                }

                Assert.True(hedges <= (requests * Share) + 1e-6, $"{hedges} of {requests}");
                Assert.True(wasted <= (tokens * Share) + 1e-3, $"{wasted} of {tokens}");
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void TrySpend_AfterALoserThatProducedMuch_WaitsUntilThatIsEarned()
    {
        var budget = new WasteBudget(0.5);
        budget.Request(10);
        budget.Request(10);
        Assert.True(budget.TrySpend(10));
        budget.Produced(100);
        for (var i = 0; i < 10; i++)
        {
            budget.Request(10);
            Assert.False(budget.TrySpend(10));
        }

        budget.Answered(130);
        Assert.True(budget.TrySpend(10));
    }
}
