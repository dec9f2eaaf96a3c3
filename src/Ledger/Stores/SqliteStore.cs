using Penstock.Ledger.Administration;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Decisions;
using Penstock.Ledger.Nodes;

namespace Penstock.Ledger.Stores;

/// <summary>A store in one SQLite file. One gateway has it (<see cref="SqliteLedger"/> locks it), and everything is written by the ledger's one writer.</summary>
public sealed class SqliteStore : IPenstockStore
{
    private readonly SqliteLedger ledger;
    private readonly SqliteBudgetStore budgets;
    private readonly SqliteDecisionStore decisions;

    private SqliteStore(SqliteLedger ledger, SqliteBudgetStore budgets, SqliteDecisionStore decisions, TimeProvider time)
    {
        this.ledger = ledger;
        this.budgets = budgets;
        Administration = new SqliteAdministrationStore(ledger, time);
        this.decisions = decisions;
        Nodes = new LockedNode(new GatewayNode(1, Environment.MachineName, time.GetUtcNow(), null, Alive: true));
    }

    /// <inheritdoc/>
    public string Place => ledger.File;

    /// <inheritdoc/>
    public int Interrupted => ledger.Interrupted;

    /// <inheritdoc/>
    public IRequestLedger Ledger => ledger;

    /// <inheritdoc/>
    public IRunHistory Runs => ledger;

    /// <inheritdoc/>
    public IBudgetStore Budgets => budgets;

    /// <inheritdoc/>
    public IAdministrationStore Administration { get; }

    /// <inheritdoc/>
    public IDecisionStore Decisions => decisions;

    /// <inheritdoc/>
    public INodeRegistry Nodes { get; }

    /// <summary>Opens or creates the file, brings its schema up to date and recovers what a dead process left.</summary>
    /// <exception cref="LedgerException">It cannot be opened for writing; the message has cause and remedy.</exception>
    public static async Task<SqliteStore> OpenAsync(LedgerOptions options, BudgetTree tree, BudgetOptions budgets, TimeProvider time, DecisionOptions? decisions = null, CancellationToken cancellationToken = default)
    {
        var opened = await SqliteLedger.OpenAsync(options, time, cancellationToken);
        try
        {
            return new SqliteStore(opened, await SqliteBudgetStore.OpenAsync(opened, tree, budgets, time), await SqliteDecisionStore.OpenAsync(opened, decisions ?? new DecisionOptions(), time), time);
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await decisions.DisposeAsync();
        await budgets.DisposeAsync();
        await ledger.DisposeAsync();
    }
}
