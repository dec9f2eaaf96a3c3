using Penstock.Ledger.Storage;

namespace Penstock.Ledger.Budgets;

/// <summary>
/// Budgets in the ledger's file. One server writes a ledger, so it decides in memory (<see cref="BudgetAuthority"/>) and journals each decision through the ledger's writer:
/// a reservation is committed with, or before, the admission row that is queued after it. A process that is killed leaves reservations in the journal; whoever
/// opens the ledger next settles them at their worst case, in the transaction that removes them.
/// </summary>
public sealed class SqliteBudgetStore : IBudgetStore
{
    /// <summary>How often reservations are looked through for those whose lease has passed, as a share of the lease.</summary>
    private const int SweepsPerLease = 8;

    private readonly SqliteLedger ledger;
    private readonly BudgetJournal journal;
    private readonly TimeProvider time;
    private readonly TimeSpan lease;
    private readonly Lock gate = new();
    private BudgetAuthority authority;
    private DateTimeOffset nextSweep;
    private long pruned;

    private SqliteBudgetStore(SqliteLedger ledger, BudgetJournal journal, BudgetAuthority authority, BudgetOptions options, TimeProvider time, int recovered)
    {
        this.ledger = ledger;
        this.journal = journal;
        this.authority = authority;
        this.time = time;
        lease = options.Lease;
        Recovered = recovered;
        var now = time.GetUtcNow();
        nextSweep = now + (lease / SweepsPerLease);
        pruned = BudgetWindow.Hour.StartOf(now);
    }

    /// <summary>How many reservations a dead process had left open.</summary>
    public int Recovered { get; }

    /// <summary>Recovers what an earlier process abandoned and reads what was settled.</summary>
    /// <param name="ledger">Open; stays the caller's, and is disposed after the store.</param>
    /// <param name="tree">Who has which limits.</param>
    /// <param name="options">Settings.</param>
    /// <param name="time">The clock that windows are read from.</param>
    /// <exception cref="LedgerException">The ledger cannot be written.</exception>
    public static async Task<SqliteBudgetStore> OpenAsync(SqliteLedger ledger, BudgetTree tree, BudgetOptions options, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Lease, TimeSpan.Zero);
        var tables = new BudgetJournal(ledger.Connection);
        var now = time.GetUtcNow();
        var counters = new BudgetAuthority(tree, now);
        var recovered = 0;
        IReadOnlyList<(string Node, BudgetWindow Window, Spend Used)> usage = [];
        await ledger.WriteAsync(new PendingChange(() =>
        {
            recovered = tables.Recover();
            tables.Prune(now);
            usage = tables.Read(now);
        }), CancellationToken.None);
        foreach (var (node, window, used) in usage)
        {
            counters.Restore(node, window, used);
        }

        return new SqliteBudgetStore(ledger, tables, counters, options, time, recovered);
    }

    /// <inheritdoc/>
    public async ValueTask<BudgetGrant> ReserveAsync(BudgetClaim claim)
    {
        await SweepAsync();
        BudgetRefusal? refusal;
        OpenReservation? reservation;
        lock (gate)
        {
            refusal = authority.Reserve(claim, time.GetUtcNow(), out reservation);
        }

        return new BudgetGrant(refusal, reservation is null ? Task.CompletedTask : JournalAsync(reservation));
    }

    /// <inheritdoc/>
    public async ValueTask SettleAsync(string id, Spend actual)
    {
        OpenReservation? reservation;
        lock (gate)
        {
            reservation = authority.Settle(id, actual, time.GetUtcNow());
        }

        if (reservation is not null)
        {
            await ledger.WriteAsync(new PendingChange(() => journal.Settle(reservation, actual), retried: true), CancellationToken.None, withNext: true);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> RecoverAsync()
    {
        IReadOnlyList<OpenReservation> abandoned;
        lock (gate)
        {
            abandoned = authority.MadeBefore(time.GetUtcNow() - lease);
        }

        foreach (var reservation in abandoned)
        {
            await SettleAsync(reservation.Id, reservation.Worst);
        }

        return abandoned.Count;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<BudgetUsage>> ReadAsync(string node)
    {
        lock (gate)
        {
            return ValueTask.FromResult(authority.Read(node, time.GetUtcNow()));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OpenReservation>> ListReservationsAsync(string node)
    {
        lock (gate)
        {
            return ValueTask.FromResult(authority.OpenAt(node));
        }
    }

    /// <inheritdoc/>
    public ValueTask ConfigureAsync(BudgetTree tree)
    {
        lock (gate)
        {
            authority = authority.Over(tree, time.GetUtcNow());
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Lets go of the ledger's connection. What is open stays reserved until the ledger is opened again.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await ledger.WriteAsync(new PendingChange(journal.Release), CancellationToken.None);
        }
        catch (Exception gone) when (gone is ObjectDisposedException or LedgerException)
        {
            // The connection is closed, and with it the statements; or the store fails, and its ledger reports that.
        }
    }

    private async Task JournalAsync(OpenReservation reservation)
    {
        try
        {
            await ledger.WriteAsync(new PendingChange(() => journal.Insert(reservation)), CancellationToken.None, withNext: true);
        }
        catch
        {
            lock (gate)
            {
                authority.Settle(reservation.Id, default, time.GetUtcNow());
            }

            throw;
        }
    }

    // No timer: abandoned reservations and past windows cost nothing until somebody wants room.
    private async ValueTask SweepAsync()
    {
        var now = time.GetUtcNow();
        bool recover, prune;
        lock (gate)
        {
            recover = now >= nextSweep;
            nextSweep = recover ? now + (lease / SweepsPerLease) : nextSweep;
            prune = BudgetWindow.Hour.StartOf(now) > pruned;
            pruned = prune ? BudgetWindow.Hour.StartOf(now) : pruned;
        }

        try
        {
            if (recover)
            {
                await RecoverAsync();
            }

            if (prune)
            {
                await ledger.WriteAsync(new PendingChange(() => journal.Prune(now)), CancellationToken.None);
            }
        }
        catch (Exception failing) when (failing is LedgerException or ObjectDisposedException)
        {
            // Whoever asks for room now is told by its own reservation. What was recovered counts already and is written later; old windows go with the next hour's.
        }
    }
}
