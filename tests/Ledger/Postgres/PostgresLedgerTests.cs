using Penstock.Ledger.Budgets;
using Penstock.Ledger.Postgres;
using Penstock.Ledger.Stores;
using Penstock.Tests.Support.Postgres;

namespace Penstock.Ledger.Tests.Postgres;

/// <summary>The ledger in PostgreSQL.</summary>
public sealed class PostgresLedgerTests(PostgresFixture postgres) : RequestLedgerConformance, IAsyncLifetime
{
    private string database = "";

    public async ValueTask InitializeAsync() => database = await postgres.NewDatabaseAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override async Task<IPenstockStore> OpenAsync() =>
        await PostgresStore.OpenAsync(new() { ConnectionString = database }, BudgetTree.Empty, new BudgetOptions(), TimeProvider.System);

    protected override LedgerReader Read() => LedgerReader.OpenPostgres(database);
}
