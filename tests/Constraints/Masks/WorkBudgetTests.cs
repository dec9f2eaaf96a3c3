using Penstock.Constraints.Masks;
using Penstock.Constraints.Tests.Json.Machine;

namespace Penstock.Constraints.Tests.Masks;

public sealed class WorkBudgetTests
{
    private static readonly string[] Pieces = ["{", "}", "\"", ":", "a", "b", "1", ",", "[", "]", " ", "ab", "\"a\":", "{\"a", "\"b\""];

    [Fact]
    public void Charge_ClockThatStands_ThrowsPastTheMostSteps()
    {
        var budget = new WorkBudget(new ClockOf(TimeSpan.Zero), TimeSpan.FromMilliseconds(1), mostSteps: 50_000);
        using var scope = budget.Open();
        WorkBudget.Charge(50_000);

        var limit = Assert.Throws<ConstraintLimitException>(() => WorkBudget.Charge(100));
        Assert.Equal(ConstraintBound.Time, limit.Bound);
    }

    [Fact]
    public void Charge_ClockThatRaces_ThrowsButNotForCheapWork()
    {
        var budget = new WorkBudget(new ClockOf(TimeSpan.FromSeconds(1)), TimeSpan.FromMilliseconds(20));
        using var scope = budget.Open();
        WorkBudget.Charge(WorkBudget.FreeSteps - 1);

        Assert.Throws<ConstraintLimitException>(() => WorkBudget.Charge());
    }

    [Fact]
    public void Charge_TwoScopes_EachHasTheWholeBudget()
    {
        var budget = new WorkBudget(new ClockOf(TimeSpan.Zero), TimeSpan.FromMilliseconds(20), mostSteps: 100);
        for (var i = 0; i < 5; i++)
        {
            using var scope = budget.Open();
            WorkBudget.Charge(90);
        }
    }

    [Fact]
    public void Charge_ScopeWithinItsOwn_GoesOnCounting()
    {
        var budget = new WorkBudget(new ClockOf(TimeSpan.Zero), TimeSpan.FromMilliseconds(20), mostSteps: 100);
        using var outer = budget.Open();
        WorkBudget.Charge(90);
        using (budget.Open())
        {
            Assert.Throws<ConstraintLimitException>(() => WorkBudget.Charge(90));
        }

        Assert.Throws<ConstraintLimitException>(() => WorkBudget.Charge(90));
    }

    [Fact]
    public void Charge_NoScope_CostsNothing() => WorkBudget.Charge(int.MaxValue);

    [Fact]
    public void Mask_MoreStatesThanTheBudget_ThrowsAndIsFoundInTheEnd()
    {
        var vocabulary = new VocabularyTrie(VocabularyOfStrings.Of(Pieces));
        var start = Machines.Start("""{"type":"object","properties":{"ab":{"type":"integer"}}}""");
        var cursor = new ConstraintCursor(start, new MaskBuilder(vocabulary, work: new WorkBudget(new ClockOf(TimeSpan.Zero), TimeSpan.FromMilliseconds(20), mostSteps: 5)));
        Assert.Throws<ConstraintLimitException>(() => cursor.Mask);

        // What was found before the bound is remembered, so that each try comes farther.
        TokenMask? mask = null;
        for (var i = 0; mask is null && i < 100; i++)
        {
            try
            {
                mask = cursor.Mask;
            }
            catch (ConstraintLimitException)
            {
                Assert.False(cursor.IsAccepting);
            }
        }

        Assert.Equal(new ConstraintCursor(start, new MaskBuilder(vocabulary)).Mask.Words.ToArray(), mask!.Words.ToArray());
        WorkBudget.Charge(100);
    }

    private sealed class ClockOf(TimeSpan step) : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now += step.Ticks;
    }
}
