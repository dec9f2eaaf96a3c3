using Npgsql;
using Penstock.Ledger.Administration;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Decisions;
using Penstock.Ledger.Nodes;
using Penstock.Ledger.Stores;

namespace Penstock.Ledger.Postgres;

/// <summary>
/// A store in a PostgreSQL database, for any number of gateways at once. It renews this gateway's lease while it is open, and recovers what dead gateways left: their open reservations are
/// settled at their worst case and their unfinished requests become interrupted, each once, by whoever comes first.
/// </summary>
public sealed class PostgresStore : IPenstockStore
{
    private const int BeatsPerLease = 3;

    private readonly PostgresNodes nodes;
    private readonly PostgresLedger ledger;
    private readonly PostgresBudgetStore budgets;
    private readonly CancellationTokenSource stopping = new();
    private Task beating = Task.CompletedTask;

    private PostgresStore(NpgsqlDataSource source, PostgresNodes nodes, PostgresOptions options, string place, BudgetTree tree, BudgetOptions budgets, DecisionOptions decisions, TimeProvider time)
    {
        Source = source;
        Place = place;
        this.nodes = nodes;
        Administration = new PostgresAdministration(source, place, time);
        Decisions = new PostgresDecisions(source, nodes, decisions, options.Clock, place);
        ledger = new PostgresLedger(source, nodes, options, place, time);
        this.budgets = new PostgresBudgetStore(source, nodes, options, place, tree, budgets, time);
    }

    /// <inheritdoc/>
    public string Place { get; }

    /// <inheritdoc/>
    public int Interrupted { get; private set; }

    /// <inheritdoc/>
    public IRequestLedger Ledger => ledger;

    /// <inheritdoc/>
    public IRunHistory Runs => ledger;

    /// <inheritdoc/>
    public IBudgetStore Budgets => budgets;

    /// <inheritdoc/>
    public IAdministrationStore Administration { get; }

    /// <inheritdoc/>
    public IDecisionStore Decisions { get; }

    /// <inheritdoc/>
    public INodeRegistry Nodes => nodes;

    /// <summary>The connections, for every part of the store.</summary>
    internal NpgsqlDataSource Source { get; }

    /// <summary>Connects, brings the schema up to date, registers this gateway and recovers what dead ones left.</summary>
    /// <exception cref="LedgerException">The database cannot be used; the message has cause and remedy.</exception>
    public static async Task<PostgresStore> OpenAsync(PostgresOptions options, BudgetTree tree, BudgetOptions budgets, TimeProvider time, DecisionOptions? decisions = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Lease, TimeSpan.Zero);
        var (source, place) = PostgresConnections.Create(options.ConnectionString);
        PostgresStore? store = null;
        try
        {
            await PostgresSchema.MigrateAsync(source, place, cancellationToken);
            var registered = await PostgresNodes.RegisterAsync(source, options, place, cancellationToken);
            store = new PostgresStore(source, registered, options, place, tree, budgets, decisions ?? new DecisionOptions(), time);
            store.Interrupted = await store.RecoverAsync(cancellationToken);
            store.beating = store.BeatAsync(options.Lease / BeatsPerLease, time);
            return store;
        }
        catch (Exception error)
        {
            await (store?.DisposeAsync() ?? source.DisposeAsync());
            if (error is NpgsqlException || PostgresFaults.IsPassing(error))
            {
                throw PostgresFaults.Explain(error, place);
            }

            throw;
        }
    }

    /// <summary>Writes what is queued and lets go of this gateway's lease.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await beating;
        await budgets.DisposeAsync();
        await ledger.DisposeAsync();
        try
        {
            await nodes.LeaveAsync();
        }
        catch (Exception error) when (error is NpgsqlException || PostgresFaults.IsPassing(error))
        {
            // The lease passes by itself.
        }

        await Source.DisposeAsync();
        stopping.Dispose();
    }

    /// <summary>Recovers what dead gateways left.</summary>
    /// <returns>How many requests were interrupted by this.</returns>
    internal async Task<int> RecoverAsync(CancellationToken cancellationToken)
    {
        await nodes.DeclareDeadAsync(cancellationToken);
        await budgets.RecoverAsync();
        var interrupted = await ledger.InterruptAsync(cancellationToken);
        await nodes.RemoveDeadAsync(cancellationToken);
        return interrupted;
    }

    /// <summary>Renews this gateway's lease.</summary>
    /// <returns>Whether it is the node that it was.</returns>
    internal Task<bool> RenewAsync() => nodes.RenewAsync(stopping.Token);

    /// <summary>
    /// Nobody is declared dead by a gateway that was itself cut off: it must then renew its own lease for a whole lease's time first, so that the others can do so too.
    /// </summary>
    private async Task BeatAsync(TimeSpan interval, TimeProvider time)
    {
        using var timer = new PeriodicTimer(interval, time);
        for (var sound = BeatsPerLease; await NextAsync(timer);)
        {
            try
            {
                sound = await RenewAsync() ? sound + 1 : 0;
                if (sound >= BeatsPerLease)
                {
                    await RecoverAsync(stopping.Token);
                }
            }
            catch (Exception error) when (error is NpgsqlException or LedgerException or OperationCanceledException || PostgresFaults.IsPassing(error))
            {
                sound = 0;
            }
        }
    }

    private async ValueTask<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
