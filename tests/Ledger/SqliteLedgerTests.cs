using Penstock.Ledger.Budgets;
using Penstock.Ledger.Stores;
using Penstock.Ledger.Tests.Support;

namespace Penstock.Ledger.Tests;

/// <summary>The ledger in a file.</summary>
public sealed class SqliteLedgerTests : RequestLedgerConformance, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    protected override async Task<IPenstockStore> OpenAsync() => await SqliteStore.OpenAsync(folder.Options, BudgetTree.Empty, new BudgetOptions(), TimeProvider.System);

    protected override LedgerReader Read() => LedgerReader.Open(folder.Options.File);
}
