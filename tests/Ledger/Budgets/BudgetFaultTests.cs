using Microsoft.Data.Sqlite;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Tests.Support;

namespace Penstock.Ledger.Tests.Budgets;

/// <summary>A ledger that cannot be written: nothing is granted for good, and nothing that was spent is forgotten.</summary>
public sealed class BudgetFaultTests : IDisposable
{
    private static readonly BudgetTree Tree = new([new("key", null, [new(BudgetWindow.Month, BudgetUnit.Tokens, 100)])]);

    private readonly TemporaryFolder folder = new();
    private readonly LedgerOptions options;

    public BudgetFaultTests()
    {
        options = folder.Options;
        options.BusyTimeout = TimeSpan.FromSeconds(1);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Reserve_ThatCannotBeStored_FaultsAndIsUndone()
    {
        await using var ledger = await SqliteLedger.OpenAsync(options, TimeProvider.System);
        await using var store = await SqliteBudgetStore.OpenAsync(ledger, Tree, new BudgetOptions(), TimeProvider.System);
        using (Hold())
        {
            var grant = await store.ReserveAsync(new BudgetClaim("a", "key", new Spend(1, 80, 0)));
            Assert.Null(grant.Refusal);
            await Assert.ThrowsAsync<LedgerException>(() => grant.Durable);
        }

        Assert.Equal(0, (await store.ReadAsync("key"))[0].Reserved);
        await (await store.ReserveAsync(new BudgetClaim("a", "key", new Spend(1, 80, 0)))).Durable;
    }

    [Fact]
    public async Task Settle_ThatCannotBeStoredYet_IsStoredWhenItCan()
    {
        await using (var ledger = await SqliteLedger.OpenAsync(options, TimeProvider.System))
        {
            await using var store = await SqliteBudgetStore.OpenAsync(ledger, Tree, new BudgetOptions(), TimeProvider.System);
            await (await store.ReserveAsync(new BudgetClaim("a", "key", new Spend(1, 80, 0)))).Durable;
            using (Hold())
            {
                var error = await Assert.ThrowsAsync<LedgerException>(async () => await store.SettleAsync("a", new Spend(1, 7, 0)));
                Assert.True(error.WillRetry);
            }
        }

        await using var again = await SqliteLedger.OpenAsync(options, TimeProvider.System);
        await using var next = await SqliteBudgetStore.OpenAsync(again, Tree, new BudgetOptions(), TimeProvider.System);
        Assert.Equal((7L, 0L, 0), ((await next.ReadAsync("key"))[0].Used, (await next.ReadAsync("key"))[0].Reserved, next.Recovered));
    }

    [Theory]
    [InlineData("a", "b", "a")]
    [InlineData("a", "missing", "b")]
    public void Tree_OfLoopsAndMissingParents_IsRefused(string first, string itsParent, string second)
    {
        BudgetNode[] nodes = [new(first, itsParent, []), new(second, first, [])];
        Assert.NotEmpty(BudgetTree.Faults(nodes));
        Assert.Throws<ArgumentException>(() => new BudgetTree(nodes));
    }

    [Fact]
    public void Tree_ThatPromisesMoreThanTheCap_IsRefused()
    {
        BudgetNode Sure(string name) => new(name, "org", [new(BudgetWindow.Day, BudgetUnit.Tokens, null, Guarantee: 60)]);
        BudgetNode[] nodes = [new("org", null, [new(BudgetWindow.Day, BudgetUnit.Tokens, 100)]), Sure("a"), Sure("b")];
        Assert.Contains("'a', 'b'", Assert.Single(BudgetTree.Faults(nodes)), StringComparison.Ordinal);
        Assert.Empty(BudgetTree.Faults(nodes[..2]));
    }

    /// <summary>Another program has the file locked for writing until this is disposed.</summary>
    private SqliteConnection Hold()
    {
        var other = new SqliteConnection($"Data Source={options.File};Pooling=False");
        other.Open();
        using var begin = other.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();
        return other;
    }
}
