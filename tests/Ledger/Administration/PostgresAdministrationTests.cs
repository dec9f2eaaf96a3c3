using Penstock.Ledger.Administration;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Postgres;
using Penstock.Tests.Support.Postgres;

namespace Penstock.Ledger.Tests.Administration;

/// <summary>The administration in PostgreSQL, seen from two gateways.</summary>
public sealed class PostgresAdministrationTests(PostgresFixture postgres) : AdministrationStoreConformance, IAsyncLifetime
{
    private readonly List<PostgresStore> stores = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    protected override async Task<(IAdministrationStore One, IAdministrationStore Other)> OpenAsync()
    {
        var database = await postgres.NewDatabaseAsync();
        stores.Add(await PostgresStore.OpenAsync(new() { ConnectionString = database, NodeName = "one" }, BudgetTree.Empty, new BudgetOptions(), TimeProvider.System));
        stores.Add(await PostgresStore.OpenAsync(new() { ConnectionString = database, NodeName = "other" }, BudgetTree.Empty, new BudgetOptions(), TimeProvider.System));
        return (stores[0].Administration, stores[1].Administration);
    }
}
