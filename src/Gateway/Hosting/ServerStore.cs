using Penstock.Ledger;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Stores;

namespace Penstock.Gateway.Hosting;

/// <summary>Opens the store that the options name.</summary>
internal static class ServerStore
{
    /// <exception cref="LedgerException">It cannot be opened; the message has the remedy.</exception>
    public static async Task<IPenstockStore> OpenAsync(ServeOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        await SqliteStore.OpenAsync(new LedgerOptions { File = options.Store.SqliteFile }, options.BudgetTree, new BudgetOptions(), time, cancellationToken);
}
