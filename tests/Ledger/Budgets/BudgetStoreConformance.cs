using FsCheck;
using FsCheck.Fluent;
using Penstock.Ledger.Budgets;

namespace Penstock.Ledger.Tests.Budgets;

/// <summary>
/// What every <see cref="IBudgetStore"/> must do. A store proves it by deriving from this. Time is the test's own, and a kill leaves the store what it had made durable.
/// </summary>
public abstract class BudgetStoreConformance
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A new, empty world of stores: opening again gives what the last store left.</summary>
    protected abstract IBudgetWorld NewWorld(BudgetTree tree, SettableTime time, TimeSpan lease);

    /// <summary>How many are tried; fewer where each step is a transaction.</summary>
    protected virtual int Interleavings => 60;

    [Fact]
    public void Law_UnderAnyInterleaving_NoCapIsExceededAndNothingLeaksOrIsRefusedThatFits()
    {
        var steps = BudgetSteps.Any.ListOf().Select(list => list.Take(60).ToList());
        Prop.ForAll(Arb.From(steps), list => RunAsync(list).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(Interleavings).WithReplay(20261121, 77));
    }

    [Fact]
    public async Task Reserve_BeyondACapAnywhereOnTheWay_IsRefusedAndReservesNothing()
    {
        await using var world = NewWorld(Tree("team", cap: 100), new SettableTime(Noon), TimeSpan.FromHours(1));
        var store = await world.OpenAsync();

        Assert.Null((await GrantAsync(store, "a", "key", 60)).Refusal);
        var refusal = (await GrantAsync(store, "b", "key", 41)).Refusal;

        Assert.NotNull(refusal);
        Assert.Equal(("team", BudgetWindow.Minute, 100L, 60L, 41L), (refusal.Node, refusal.Window, refusal.Cap, refusal.Reserved, refusal.Asked));
        Assert.Equal(Noon.AddMinutes(1), refusal.Resets);
        Assert.True(refusal.FreesSoon);
        Assert.False(refusal.NeverFits);
        Assert.Null((await GrantAsync(store, "c", "key", 40)).Refusal);
    }

    [Fact]
    public async Task Settle_Twice_CountsOnce()
    {
        await using var world = NewWorld(Tree("key", cap: 100), new SettableTime(Noon), TimeSpan.FromHours(1));
        var store = await world.OpenAsync();
        await GrantAsync(store, "a", "key", 90);

        await store.SettleAsync("a", new Spend(1, 10, 0));
        await store.SettleAsync("a", new Spend(1, 10, 0));

        Assert.Equal((10L, 0L), await UsageAsync(store, "key"));
        world.Kill();
        Assert.Equal((10L, 0L), await UsageAsync(await world.OpenAsync(), "key"));
    }

    [Fact]
    public async Task Settle_OfMoreThanWasReserved_IsCountedAndTheNodeGetsNothingMore()
    {
        await using var world = NewWorld(Tree("key", cap: 100), new SettableTime(Noon), TimeSpan.FromHours(1));
        var store = await world.OpenAsync();
        await GrantAsync(store, "a", "key", 90);

        await store.SettleAsync("a", new Spend(1, 130, 0));

        Assert.Equal((130L, 0L), await UsageAsync(store, "key"));
        Assert.NotNull((await GrantAsync(store, "b", "key", 1)).Refusal);
    }

    [Fact]
    public async Task Kill_WithOpenReservations_RecoversEachOnceAtItsWorstCase()
    {
        await using var world = NewWorld(Tree("team", cap: 100), new SettableTime(Noon), TimeSpan.FromHours(1));
        var store = await world.OpenAsync();
        await GrantAsync(store, "a", "key", 30);
        await GrantAsync(store, "b", "key", 20);
        await store.SettleAsync("b", new Spend(1, 5, 0));

        for (var round = 0; round < 3; round++)
        {
            world.Kill();
            store = await world.OpenAsync();
            Assert.Equal((35L, 0L), await UsageAsync(store, "team"));
        }

        await store.SettleAsync("a", new Spend(1, 1, 0));
        Assert.Equal((35L, 0L), await UsageAsync(store, "team"));
    }

    [Fact]
    public async Task Recover_AfterTheLease_SettlesWhatNobodySettled()
    {
        var time = new SettableTime(Noon.AddMinutes(58));
        await using var world = NewWorld(Tree("key", cap: 100, BudgetWindow.Day), time, TimeSpan.FromMinutes(10));
        var store = await world.OpenAsync();
        await GrantAsync(store, "a", "key", 30);
        time.Now += TimeSpan.FromMinutes(5);
        await GrantAsync(store, "b", "key", 40);
        time.Now += TimeSpan.FromMinutes(6);

        Assert.Equal(1, await store.RecoverAsync());
        Assert.Equal(0, await store.RecoverAsync());
        Assert.Equal((30L, 40L), await UsageAsync(store, "key"));
    }

    [Fact]
    public async Task Window_ThatHasEnded_IsEmptyAgainAndTakesNoLateSettlement()
    {
        var time = new SettableTime(Noon);
        await using var world = NewWorld(Tree("key", cap: 100), time, TimeSpan.FromHours(1));
        var store = await world.OpenAsync();
        await GrantAsync(store, "a", "key", 100);
        time.Now += TimeSpan.FromMinutes(1);

        Assert.Null((await GrantAsync(store, "b", "key", 70)).Refusal);
        await store.SettleAsync("a", new Spend(1, 100, 0));

        Assert.Equal((0L, 70L), await UsageAsync(store, "key"));
    }

    [Fact]
    public async Task Clock_SetBack_ReopensNoWindowAndLeaksNothing()
    {
        var time = new SettableTime(Noon);
        await using var world = NewWorld(Tree("key", cap: 100), time, TimeSpan.FromHours(1));
        var store = await world.OpenAsync();
        await GrantAsync(store, "a", "key", 60);
        time.Now -= TimeSpan.FromMinutes(5);

        Assert.Null((await GrantAsync(store, "b", "key", 40)).Refusal);
        Assert.NotNull((await GrantAsync(store, "c", "key", 1)).Refusal);
        await store.SettleAsync("a", default);
        await store.SettleAsync("b", default);

        Assert.Equal((0L, 0L), await UsageAsync(store, "key"));
    }

    [Fact]
    public async Task Guarantee_OfOneNode_IsKeptFromItsSiblings()
    {
        var tree = new BudgetTree(
        [
            new("org", null, [new(BudgetWindow.Minute, BudgetUnit.Tokens, 100)]),
            new("sure", "org", [new(BudgetWindow.Minute, BudgetUnit.Tokens, null, Guarantee: 40)]),
            new("other", "org", []),
        ]);
        await using var world = NewWorld(tree, new SettableTime(Noon), TimeSpan.FromHours(1));
        var store = await world.OpenAsync();

        var refusal = (await GrantAsync(store, "a", "other", 61)).Refusal;
        Assert.NotNull(refusal);
        Assert.Equal(("org", 40L), (refusal.Node, refusal.Kept));
        Assert.Null((await GrantAsync(store, "b", "other", 50)).Refusal);
        Assert.Null((await GrantAsync(store, "c", "sure", 50)).Refusal);
        Assert.NotNull((await GrantAsync(store, "d", "sure", 1)).Refusal);
    }

    [Fact]
    public async Task Concurrency_CountsWhatIsUnderWay()
    {
        var tree = new BudgetTree([new("key", null, [new(BudgetWindow.Now, BudgetUnit.Concurrency, 2)])]);
        var time = new SettableTime(Noon);
        await using var world = NewWorld(tree, time, TimeSpan.FromHours(1));
        var store = await world.OpenAsync();
        await GrantAsync(store, "a", "key", 1);
        await GrantAsync(store, "b", "key", 1);
        time.Now += TimeSpan.FromMinutes(30);

        var refusal = (await GrantAsync(store, "c", "key", 1)).Refusal;
        Assert.Equal(BudgetUnit.Concurrency, refusal?.Unit);
        await store.SettleAsync("a", new Spend(1, 1, 0));
        Assert.Null((await GrantAsync(store, "c", "key", 1)).Refusal);
        world.Kill();
        Assert.Equal((0L, 0L), await UsageAsync(await world.OpenAsync(), "key"));
    }

    [Fact]
    public async Task Reserve_OfARunThatContinues_UsesWhatIsKeptForRuns()
    {
        var tree = new BudgetTree([new("key", null, [new(BudgetWindow.Minute, BudgetUnit.Tokens, 100)]) { RunShare = 200 }]);
        await using var world = NewWorld(tree, new SettableTime(Noon), TimeSpan.FromHours(1));
        var store = await world.OpenAsync();
        await GrantAsync(store, "a", "key", 80);

        Assert.NotNull((await GrantAsync(store, "b", "key", 1)).Refusal);
        Assert.Null((await store.ReserveAsync(new BudgetClaim("c", "key", new Spend(1, 20, 0), Continues: true))).Refusal);
    }

    [Fact]
    public async Task Ramp_OfANewNode_GrowsItsCap()
    {
        var tree = new BudgetTree([new("key", null, [new(BudgetWindow.Minute, BudgetUnit.Tokens, 1000)]) { Ramp = new(Noon, TimeSpan.FromDays(9), 100) }]);
        var time = new SettableTime(Noon);
        await using var world = NewWorld(tree, time, TimeSpan.FromHours(1));
        var store = await world.OpenAsync();

        Assert.Equal(100, (await GrantAsync(store, "a", "key", 1001)).Refusal?.Cap);
        time.Now += TimeSpan.FromDays(1);
        Assert.Equal(200, (await GrantAsync(store, "a", "key", 1001)).Refusal?.Cap);
        time.Now += TimeSpan.FromDays(20);
        Assert.Equal(1000, (await GrantAsync(store, "a", "key", 1001)).Refusal?.Cap);
    }

    [Fact]
    public async Task Configure_OfAnotherTree_CountsWhatWasUsedAndReserved()
    {
        var time = new SettableTime(Noon);
        await using var world = NewWorld(new([new("team", null, []), new("team/old", "team", [])]), time, TimeSpan.FromHours(1));
        var store = await world.OpenAsync();
        await GrantAsync(store, "a", "team/old", 30);
        await store.SettleAsync("a", new Spend(1, 20, 0));
        await GrantAsync(store, "b", "team/old", 50);

        // The key is gone; what it spent and what it has under way is its team's still.
        await store.ConfigureAsync(new([new("team", null, [new(BudgetWindow.Day, BudgetUnit.Tokens, 60)]), new("team/new", "team", [new(BudgetWindow.Day, BudgetUnit.Tokens, 60)])]));

        Assert.Equal((20L, 50L), await UsageAsync(store, "team"));
        Assert.Equal((0L, 0L), await UsageAsync(store, "team/new"));
        Assert.Equal(["b"], (await store.ListReservationsAsync("team")).Select(reservation => reservation.Id));
        Assert.Equal("team", (await GrantAsync(store, "c", "team/new", 1)).Refusal?.Node);
        await store.SettleAsync("b", new Spend(1, 10, 0));
        Assert.Null((await GrantAsync(store, "c", "team/new", 30)).Refusal);
        Assert.Empty(await store.ListReservationsAsync("team/old"));
        Assert.Equal((30L, 30L), await UsageAsync(store, "team"));
    }

    [Fact]
    public async Task Reserve_FromManyThreads_NeverExceedsTheCapAndLeaksNothing()
    {
        await using var world = NewWorld(Tree("team", cap: 1000, BudgetWindow.Month), new SettableTime(Noon), TimeSpan.FromHours(1));
        var store = await world.OpenAsync();
        var granted = await Task.WhenAll(Enumerable.Range(0, 200).Select(task => Task.Run(async () =>
        {
            var spent = 0L;
            for (var i = 0; i < 5; i++)
            {
                var grant = await GrantAsync(store, $"{task}-{i}", "key", 7);
                var usage = await UsageAsync(store, "team");
                Assert.InRange(usage.Used + usage.Reserved, 0, 1000);
                if (grant.Refusal is null)
                {
                    var actual = (task + i) % 8;
                    spent += actual;
                    await store.SettleAsync($"{task}-{i}", new Spend(1, actual, 0));
                }
            }

            return spent;
        })));

        Assert.Equal((granted.Sum(), 0L), await UsageAsync(store, "team"));
        world.Kill();
        Assert.Equal((granted.Sum(), 0L), await UsageAsync(await world.OpenAsync(), "team"));
    }

    private static BudgetTree Tree(string limited, long cap, BudgetWindow window = BudgetWindow.Minute)
    {
        BudgetNode Node(string name, string? parent) => new(name, parent, name == limited ? [new(window, BudgetUnit.Tokens, cap)] : []);
        return new([Node("org", null), Node("team", "org"), Node("key", "team")]);
    }

    private static async Task<BudgetGrant> GrantAsync(IBudgetStore store, string id, string node, long tokens)
    {
        var grant = await store.ReserveAsync(new BudgetClaim(id, node, new Spend(1, tokens, 0)));
        await grant.Durable;
        return grant;
    }

    private static async Task<(long Used, long Reserved)> UsageAsync(IBudgetStore store, string node)
    {
        var usage = (await store.ReadAsync(node))[0];
        return (usage.Used, usage.Reserved);
    }

    private async Task RunAsync(List<BudgetStep> steps)
    {
        var time = new SettableTime(Noon);
        await using var world = NewWorld(BudgetSteps.Tree, time, BudgetSteps.Lease);
        var model = new BudgetModel(time);
        var store = await world.OpenAsync();
        foreach (var step in steps)
        {
            store = await step.DoAsync(world, store, model, time);
            foreach (var node in BudgetSteps.Tree.Nodes)
            {
                foreach (var usage in await store.ReadAsync(node.Name))
                {
                    Assert.Equal(model.Expect(node.Name, usage.Limit), (usage.Used, usage.Reserved));
                    Assert.Equal(model.Promised(node, usage.Limit, [], default), usage.Promised);
                    Assert.True(usage.Used + usage.Reserved <= (usage.Limit.Cap ?? long.MaxValue), $"{node.Name} {usage}");
                }
            }
        }
    }
}
