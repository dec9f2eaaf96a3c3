using Penstock.Contracts.Records;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Postgres;
using Penstock.Ledger.Tests.Support;
using Penstock.Tests.Support.Postgres;

namespace Penstock.Ledger.Tests.Postgres;

/// <summary>PostgreSQL goes away under a gateway and comes back: nothing is granted meanwhile, nothing that was spent is forgotten, and nothing stays reserved.</summary>
public sealed class PostgresAwayTests : IAsyncLifetime
{
    private static readonly BudgetTree Tree = new([new("key", null, [new(BudgetWindow.Month, BudgetUnit.Tokens, 100)])]);

    private PostgresServer server = null!;
    private PostgresStore store = null!;
    private string database = "";

    public async ValueTask InitializeAsync()
    {
        PostgresFixture.SkipUnlessInstalled();
        server = await PostgresServer.StartAsync();
        database = await server.NewDatabaseAsync();
        store = await PostgresStore.OpenAsync(new() { ConnectionString = database }, Tree, new BudgetOptions(), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await store.DisposeAsync();
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Away_GrantsNothing_KeepsWhatEnds_AndGoesOnWhenItIsBack()
    {
        Assert.Null((await ReserveAsync("a")).Refusal);
        await store.Ledger.AdmitAsync(Records.Admitted("a"), default);
        await server.DownAsync();

        await FailsAsync((await ReserveAsync("b")).Durable, willRetry: false);
        await FailsAsync(store.Budgets.SettleAsync("a", new Spend(1, 7, 0)).AsTask(), willRetry: true);
        await FailsAsync(store.Ledger.AdmitAsync(Records.Admitted("b"), default).AsTask(), willRetry: false);
        await FailsAsync(store.Ledger.FinishAsync(Records.Finished("a"), default).AsTask(), willRetry: true);
        await server.UpAsync();

        var grant = await ReserveAsync("c");
        await grant.Durable;
        await store.Ledger.AdmitAsync(Records.Admitted("c"), default);
        await store.DisposeAsync();
        store = await PostgresStore.OpenAsync(new() { ConnectionString = database }, Tree, new BudgetOptions(), TimeProvider.System);

        // What ended is there as it ended, what was refused never was, and what ran on is settled at its worst case by whoever comes next.
        var usage = (await store.Budgets.ReadAsync("key"))[0];
        Assert.Equal((7L + 30L, 0L), (usage.Used, usage.Reserved));
        using var reader = LedgerReader.OpenPostgres(database);
        Assert.Equal([("a", RecordState.Finished), ("c", RecordState.Interrupted)], reader.ReadAll().Select(record => (record.RequestId, record.State)));
    }

    private ValueTask<BudgetGrant> ReserveAsync(string id) => store.Budgets.ReserveAsync(new BudgetClaim(id, "key", new Spend(1, 30, 0)));

    private static async Task FailsAsync(Task task, bool willRetry)
    {
        var error = await Assert.ThrowsAsync<LedgerException>(() => task);
        Assert.Equal((LedgerFault.Unreachable, willRetry), (error.Fault, error.WillRetry));
    }
}
