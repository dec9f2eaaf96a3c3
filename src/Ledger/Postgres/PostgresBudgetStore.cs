using System.Threading.Channels;
using Npgsql;
using Penstock.Ledger.Budgets;

namespace Penstock.Ledger.Postgres;

/// <summary>
/// Budgets in PostgreSQL, for any number of gateways: with N of them a cap is a cap. One loop takes turns (<see cref="BudgetTurn"/>); while one is under way the next batch gathers.
/// While PostgreSQL is away nothing is granted, and what ends is kept in memory and settled once it is back.
/// </summary>
public sealed class PostgresBudgetStore : IBudgetStore
{
    /// <summary>Settlements that are kept while PostgreSQL is away, about 200 bytes each. Beyond it they are left to recovery, at their worst case.</summary>
    private const int MostUnsettled = 65_536;

    /// <summary>Between two attempts to settle them.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly Channel<PendingTurn> queue;
    private readonly NpgsqlDataSource source;
    private readonly PostgresSession session;
    private readonly BudgetMirror mirror;
    private readonly BudgetTurn turn;
    private readonly string place;
    private readonly int most;
    private readonly TimeProvider time;
    private readonly Task loop;
    private List<PendingSettlement> unsettled = [];
    private volatile BudgetTree tree;
    private BudgetTree? next;

    internal PostgresBudgetStore(NpgsqlDataSource source, PostgresNodes nodes, PostgresOptions options, string place, BudgetTree tree, BudgetOptions budgets, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(budgets.Lease, TimeSpan.Zero);
        this.source = source;
        this.place = place;
        this.tree = tree;
        this.time = time;
        most = options.RowsPerCommit;
        session = new PostgresSession(source, place, time);
        mirror = new BudgetMirror(tree);
        turn = new BudgetTurn(mirror, nodes, options, budgets.Lease);
        queue = Channel.CreateBounded<PendingTurn>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        loop = Task.Run(RunAsync);
    }

    /// <inheritdoc/>
    public async ValueTask<BudgetGrant> ReserveAsync(BudgetClaim claim)
    {
        var entry = new PendingClaim(claim);
        try
        {
            await EnterAsync(entry);
        }
        catch (LedgerException away)
        {
            return new BudgetGrant(null, Task.FromException(away));
        }

        return new BudgetGrant(entry.Refusal, Task.CompletedTask);
    }

    /// <inheritdoc/>
    public async ValueTask SettleAsync(string id, Spend actual)
    {
        await EnterAsync(new PendingSettlement(id, actual));
    }

    /// <inheritdoc/>
    public async ValueTask<int> RecoverAsync()
    {
        var entry = new PendingRecovery();
        await EnterAsync(entry);
        return entry.Recovered;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<BudgetUsage>> ReadAsync(string node)
    {
        var entry = new PendingReading(node);
        await EnterAsync(entry);
        return entry.Usage;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<OpenReservation>> ListReservationsAsync(string node)
    {
        try
        {
            await using var command = source.CreateCommand("SELECT id, node, reserved_at, requests, tokens, picousd FROM budget_reservation ORDER BY reserved_at, id");
            await using var rows = await command.ExecuteReaderAsync();
            var open = new List<OpenReservation>();
            while (await rows.ReadAsync())
            {
                open.Add(new(rows.GetString(0), rows.GetString(1), new(rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5)), rows.GetInt64(2)));
            }

            return [.. open.Where(reservation => tree.PathOf(reservation.Node).Any(one => one.Name == node))];
        }
        catch (NpgsqlException error)
        {
            throw PostgresFaults.Explain(error, place);
        }
    }

    /// <inheritdoc/>
    public ValueTask ConfigureAsync(BudgetTree tree)
    {
        this.tree = tree;
        Interlocked.Exchange(ref next, tree);
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes the last turn. What is open stays reserved until this gateway's lease is over.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
    }

    private async Task EnterAsync(PendingTurn entry)
    {
        try
        {
            await queue.Writer.WriteAsync(entry);
        }
        catch (ChannelClosedException closed)
        {
            throw new ObjectDisposedException("The budgets were disposed.", closed);
        }

        await entry.Done;
    }

    private async Task RunAsync()
    {
        var batch = new List<PendingTurn>();
        while (await WaitAsync())
        {
            batch.Clear();
            while (batch.Count < most && queue.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            var failed = await TakeTurnAsync(batch);
            var kept = failed is LedgerException fault ? Keep(batch, fault) : null;
            batch.ForEach(entry => entry.Complete(kept is not null && entry is PendingSettlement ? kept : failed));
            if (failed is null)
            {
                await SettleLateAsync();
            }
        }

        await SettleLateAsync();
    }

    /// <summary>Takes a turn with these; the reason where it failed.</summary>
    private async Task<Exception?> TakeTurnAsync(IReadOnlyList<PendingTurn> entries)
    {
        if (Interlocked.Exchange(ref next, null) is { } another)
        {
            mirror.Forget(another);
        }

        try
        {
            long version = 0;
            await session.RunAsync(async (connection, again) =>
            {
                if (again)
                {
                    mirror.Forget();
                }

                version = await turn.RunAsync(connection, entries, again);
            });
            mirror.Committed(version);
            return null;
        }
#pragma warning disable CA1031 // Whatever went wrong belongs to the callers that wait, and the loop must live on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            mirror.Forget();
            return error;
        }
    }

    // A claim that failed may have been stored all the same, where the connection broke during COMMIT: giving it back is right then, and harmless else.
    private LedgerException? Keep(List<PendingTurn> failed, LedgerException fault)
    {
        if (unsettled.Count + failed.Count > MostUnsettled)
        {
            return null;
        }

        unsettled.AddRange(failed.OfType<PendingSettlement>().Select(entry => new PendingSettlement(entry.Id, entry.Actual)));
        unsettled.AddRange(failed.OfType<PendingClaim>().Select(entry => new PendingSettlement(entry.Claim.Id, default)));
        return new LedgerException(fault.Fault, fault.Message, fault.InnerException) { WillRetry = true };
    }

    // In a turn of their own: what cannot be settled must not be in the way of others.
    private async Task SettleLateAsync()
    {
        if (unsettled.Count > 0 && await TakeTurnAsync(unsettled) is null)
        {
            unsettled = [];
        }
    }

    private async ValueTask<bool> WaitAsync()
    {
        var more = queue.Reader.WaitToReadAsync().AsTask();
        while (unsettled.Count > 0 && await Task.WhenAny(more, Task.Delay(RetryInterval, time)) != more)
        {
            await SettleLateAsync();
        }

        return await more;
    }
}
