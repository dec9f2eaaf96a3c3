using Penstock.Contracts.Records;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Postgres;
using Penstock.Ledger.Tests.Budgets;
using Penstock.Ledger.Tests.Support;
using Penstock.Tests.Support.Postgres;

namespace Penstock.Ledger.Tests.Postgres;

/// <summary>A gateway that does not renew its lease is dead, once its lease is over; what it had under way is recovered by another, once.</summary>
public sealed class DeadGatewayTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromHours(1);
    private static readonly BudgetTree Tree = new([new("key", null, [new(BudgetWindow.Month, BudgetUnit.Tokens, 100)])]);

    private readonly SettableTime time = new(new DateTimeOffset(2026, 3, 14, 12, 0, 0, TimeSpan.Zero));
    private readonly List<PostgresStore> stores = [];
    private string database = "";

    public async ValueTask InitializeAsync() => database = await postgres.NewDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task Recover_BeforeTheLeaseIsOver_LeavesWhatRuns()
    {
        var (one, other) = (await OpenAsync(), await OpenAsync());
        await BeginAsync(one, "a", 30);
        time.Now += Lease - TimeSpan.FromSeconds(1);

        Assert.Equal(0, await other.RecoverAsync(default));

        await EndAsync(one, "a", 7);
        Assert.Equal((7L, 0L), await UsageAsync(other));
    }

    [Fact]
    public async Task Recover_AfterIt_SettlesAtTheWorstCaseAndInterruptsOnce()
    {
        var (one, other, third) = (await OpenAsync(), await OpenAsync(), await OpenAsync());
        await BeginAsync(one, "a", 30);
        await BeginAsync(other, "b", 20);
        time.Now += Lease + TimeSpan.FromSeconds(1);
        await other.RenewAsync();
        await third.RenewAsync();

        var interrupted = await Task.WhenAll(other.RecoverAsync(default), third.RecoverAsync(default));

        Assert.Equal(1, interrupted.Sum());
        Assert.Equal((30L, 20L), await UsageAsync(third));
        using var reader = LedgerReader.OpenPostgres(database);
        Assert.Equal(RecordState.Interrupted, reader.Find("a")!.State);
        Assert.Equal(2, (await other.Nodes.ReadAsync(TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task Dead_GatewayThatComesBack_ChangesNothingOfWhatWasRecoveredAndGoesOnAsAnother()
    {
        var (one, other) = (await OpenAsync(), await OpenAsync());
        await BeginAsync(one, "a", 30);
        var before = one.Nodes.Self.Id;
        time.Now += Lease + TimeSpan.FromSeconds(1);
        await other.RenewAsync();
        await other.RecoverAsync(default);

        await one.Budgets.SettleAsync("a", new Spend(1, 7, 0));
        var conflict = await Assert.ThrowsAsync<LedgerException>(async () => await one.Ledger.FinishAsync(Records.Finished("a"), default));
        await one.RenewAsync();
        await BeginAsync(one, "b", 20);
        await other.RecoverAsync(default);

        Assert.Equal(LedgerFault.Conflict, conflict.Fault);
        Assert.NotEqual(before, one.Nodes.Self.Id);
        Assert.Equal((30L, 20L), await UsageAsync(other));
    }

    private static async Task BeginAsync(PostgresStore store, string id, long worst)
    {
        var grant = await store.Budgets.ReserveAsync(new BudgetClaim(id, "key", new Spend(1, worst, 0)));
        Assert.Null(grant.Refusal);
        await grant.Durable;
        await store.Ledger.AdmitAsync(Records.Admitted(id), default);
    }

    private static async Task EndAsync(PostgresStore store, string id, long actual)
    {
        await store.Budgets.SettleAsync(id, new Spend(1, actual, 0));
        await store.Ledger.FinishAsync(Records.Finished(id), default);
    }

    private static async Task<(long Used, long Reserved)> UsageAsync(PostgresStore store)
    {
        var usage = (await store.Budgets.ReadAsync("key"))[0];
        return (usage.Used, usage.Reserved);
    }

    private async Task<PostgresStore> OpenAsync()
    {
        stores.Add(await PostgresStore.OpenAsync(new() { ConnectionString = database, Clock = time, Lease = Lease }, Tree, new BudgetOptions { Lease = 10 * Lease }, TimeProvider.System));
        return stores[^1];
    }
}
