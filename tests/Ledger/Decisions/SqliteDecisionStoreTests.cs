using Penstock.Ledger.Decisions;
using Penstock.Ledger.Tests.Budgets;
using Penstock.Ledger.Tests.Support;

namespace Penstock.Ledger.Tests.Decisions;

/// <summary>Decisions in the ledger's file.</summary>
public sealed class SqliteDecisionStoreTests : DecisionStoreConformance
{
    protected override Task<IDecisionWorld> NewWorldAsync(SettableTime time, DecisionOptions options) => Task.FromResult<IDecisionWorld>(new World(time, options));

    /// <summary>A kill is a copy of the file and its write-ahead log as they are on disk at that moment; the store goes on with the copy.</summary>
    private sealed class World(SettableTime time, DecisionOptions options) : IDecisionWorld
    {
        private readonly TemporaryFolder folder = new();
        private readonly List<IAsyncDisposable> opened = [];
        private int life;

        private string File => Path.Combine(folder.Path, $"life-{life}.db");

        public async Task<IDecisionStore> OpenAsync()
        {
            var ledger = await SqliteLedger.OpenAsync(new LedgerOptions { File = File }, time);
            opened.Add(ledger);
            var store = await SqliteDecisionStore.OpenAsync(ledger, options, time);
            opened.Add(store);
            return store;
        }

        public Task KillAsync()
        {
            var from = File;
            life++;
            foreach (var suffix in (string[])["", "-wal"])
            {
                System.IO.File.Copy(from + suffix, File + suffix);
            }

            return Task.CompletedTask;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var part in Enumerable.Reverse(opened))
            {
                await part.DisposeAsync();
            }

            folder.Dispose();
        }
    }
}
