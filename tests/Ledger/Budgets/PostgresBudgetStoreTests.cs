using Npgsql;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Postgres;
using Penstock.Tests.Support.Postgres;

namespace Penstock.Ledger.Tests.Budgets;

/// <summary>Budgets in PostgreSQL.</summary>
public sealed class PostgresBudgetStoreTests(PostgresFixture postgres) : BudgetStoreConformance
{
    protected override int Interleavings => 6;

    protected override IBudgetWorld NewWorld(BudgetTree tree, SettableTime time, TimeSpan lease)
    {
        PostgresFixture.SkipUnlessInstalled();
        return new World(postgres, tree, time, lease);
    }

    /// <summary>A kill is a gateway that the others have declared dead; what it had not committed was never there.</summary>
    private sealed class World(PostgresFixture postgres, BudgetTree tree, SettableTime time, TimeSpan lease) : IBudgetWorld
    {
        private string? database;
        private PostgresStore? store;

        public async Task<IBudgetStore> OpenAsync()
        {
            database ??= await postgres.NewDatabaseAsync();
            if (store is not null)
            {
                await store.DisposeAsync();
            }

            store = await PostgresStore.OpenAsync(new() { ConnectionString = database, Clock = time }, tree, new BudgetOptions { Lease = lease }, time);
            return store.Budgets;
        }

        public void Kill()
        {
            using var connection = new NpgsqlConnection(database);
            connection.Open();
            using var command = new NpgsqlCommand("UPDATE node SET dead = true", connection);
            command.ExecuteNonQuery();
        }

        public async ValueTask DisposeAsync()
        {
            if (store is not null)
            {
                await store.DisposeAsync();
            }
        }
    }
}
