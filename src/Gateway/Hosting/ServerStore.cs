using Penstock.Contracts.Errors;
using Penstock.Ledger;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Decisions;
using Penstock.Ledger.Postgres;
using Penstock.Ledger.Stores;

namespace Penstock.Gateway.Hosting;

/// <summary>Opens the store that the options name.</summary>
internal static class ServerStore
{
    /// <exception cref="LedgerException">It cannot be opened; the message has the remedy.</exception>
    /// <exception cref="PenstockException">The place that has the connection string is empty.</exception>
    public static async Task<IPenstockStore> OpenAsync(ServeOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var (tree, budgets, decisions) = (options.BudgetTree, new BudgetOptions(), new DecisionOptions { Keep = options.KeepDecisions });
        if (options.Store.Postgres is { } place)
        {
            var shared = new PostgresOptions { ConnectionString = place.Read().OrThrow() };
            shared.Lease = options.Store.Lease ?? shared.Lease;
            return await PostgresStore.OpenAsync(shared, tree, budgets, time, decisions, cancellationToken);
        }

        return await SqliteStore.OpenAsync(new LedgerOptions { File = options.Store.SqliteFile }, tree, budgets, time, decisions, cancellationToken);
    }
}
