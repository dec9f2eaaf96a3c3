using Npgsql;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Postgres;
using Penstock.Ledger.Tests.Budgets;
using Penstock.Tests.Support.Postgres;

namespace Penstock.Ledger.Tests.Postgres;

/// <summary>Gateways on one database. A kill is gateways that the others have declared dead; what they had not committed was never there.</summary>
/// <param name="postgres">Where the database is.</param>
/// <param name="gateways">How many there are; whoever opens the store has each in turn.</param>
/// <param name="tree">Their limits.</param>
/// <param name="time">Everybody's clock, the database's too.</param>
/// <param name="lease">Of reservations.</param>
internal sealed class PostgresWorld(PostgresFixture postgres, int gateways, BudgetTree tree, SettableTime time, TimeSpan lease) : IBudgetWorld
{
    private readonly List<PostgresStore> stores = [];
    private string? database;

    public async Task<IBudgetStore> OpenAsync()
    {
        database ??= await postgres.NewDatabaseAsync();
        await DisposeAsync();
        for (var gateway = 0; gateway < gateways; gateway++)
        {
            stores.Add(await PostgresStore.OpenAsync(new() { ConnectionString = database, Clock = time }, tree, new BudgetOptions { Lease = lease }, time));
        }

        return new EachInTurn([.. stores.Select(store => store.Budgets)]);
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
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }

        stores.Clear();
    }

    /// <summary>Whatever is asked, another gateway does it than did the last thing.</summary>
    private sealed class EachInTurn(IReadOnlyList<IBudgetStore> gateways) : IBudgetStore
    {
        private int asked;

        private IBudgetStore Next => gateways[(int)((uint)Interlocked.Increment(ref asked) % gateways.Count)];

        public ValueTask<BudgetGrant> ReserveAsync(BudgetClaim claim) => Next.ReserveAsync(claim);

        public ValueTask SettleAsync(string id, Spend actual) => Next.SettleAsync(id, actual);

        public ValueTask<int> RecoverAsync() => Next.RecoverAsync();

        public ValueTask<IReadOnlyList<BudgetUsage>> ReadAsync(string node) => Next.ReadAsync(node);

        public ValueTask<IReadOnlyList<OpenReservation>> ListReservationsAsync(string node) => Next.ListReservationsAsync(node);

        public async ValueTask ConfigureAsync(BudgetTree tree)
        {
            foreach (var gateway in gateways)
            {
                await gateway.ConfigureAsync(tree);
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
