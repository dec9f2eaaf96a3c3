using Penstock.Ledger.Budgets;
using Penstock.Ledger.Tests.Support;

namespace Penstock.Ledger.Tests.Budgets;

/// <summary>Budgets in the ledger's file.</summary>
public sealed class SqliteBudgetStoreTests : BudgetStoreConformance
{
    protected override IBudgetWorld NewWorld(BudgetTree tree, SettableTime time, TimeSpan lease) => new World(tree, time, lease);

    /// <summary>A kill is a copy of the file and its write-ahead log as they are on disk at that moment; the store goes on with the copy.</summary>
    private sealed class World(BudgetTree tree, SettableTime time, TimeSpan lease) : IBudgetWorld
    {
        private readonly TemporaryFolder folder = new();
        private SqliteLedger? ledger;
        private SqliteBudgetStore? store;
        private int life;

        private string File => Path.Combine(folder.Path, $"life-{life}.db");

        public async Task<IBudgetStore> OpenAsync()
        {
            if (ledger is not null)
            {
                await ledger.DisposeAsync();
            }

            ledger = await SqliteLedger.OpenAsync(new LedgerOptions { File = File }, time);
            store = await SqliteBudgetStore.OpenAsync(ledger, tree, new BudgetOptions { Lease = lease }, time);
            return store;
        }

        public void Kill()
        {
            var from = File;
            life++;
            foreach (var suffix in (string[])["", "-wal"])
            {
                System.IO.File.Copy(from + suffix, File + suffix);
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (store is not null)
            {
                await store.DisposeAsync();
            }

            if (ledger is not null)
            {
                await ledger.DisposeAsync();
            }

            folder.Dispose();
        }
    }
}
