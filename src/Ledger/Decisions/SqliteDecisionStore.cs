using Penstock.Ledger.Storage;

namespace Penstock.Ledger.Decisions;

/// <summary>Decisions in the ledger's file, through the ledger's writer: a claim or a decision shares its transaction with the rows of other requests.</summary>
public sealed class SqliteDecisionStore : IDecisionStore
{
    /// <summary>Decisions that one transaction deletes: what a request waits for its own row because of it is about a millisecond.</summary>
    private const int DeletedAtOnce = 64;

    private readonly SqliteLedger ledger;
    private readonly DecisionTable table;
    private readonly SegmentReader segments;
    private readonly DecisionOptions options;
    private readonly TimeProvider time;

    private SqliteDecisionStore(SqliteLedger ledger, DecisionTable table, DecisionOptions options, TimeProvider time)
    {
        this.ledger = ledger;
        this.table = table;
        this.options = options;
        this.time = time;
        segments = new SegmentReader(ledger.File);
    }

    /// <summary>Gives back the keys that a dead process had claimed.</summary>
    /// <param name="ledger">Open; stays the caller's, and is disposed after the store.</param>
    /// <param name="options">Settings.</param>
    /// <param name="time">The clock by which decisions expire.</param>
    /// <exception cref="LedgerException">The ledger cannot be written.</exception>
    public static async Task<SqliteDecisionStore> OpenAsync(SqliteLedger ledger, DecisionOptions options, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Keep, TimeSpan.Zero);
        var decisions = new DecisionTable(ledger.Connection);
        await ledger.WriteAsync(new PendingChange(decisions.ReleaseAll), CancellationToken.None);
        return new SqliteDecisionStore(ledger, decisions, options, time);
    }

    /// <inheritdoc/>
    public async ValueTask<DecisionClaim> ClaimAsync(DecisionKey key)
    {
        DecisionClaim claim = default;
        await WriteAsync(() => claim = table.Claim(key, time.GetUtcNow()));
        return claim;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> AppendAsync(long claim, int segment, ReadOnlyMemory<byte> chunks)
    {
        var held = false;
        await WriteAsync(() => held = table.Append(claim, segment, chunks));
        return held;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DecideAsync(long claim, Decision decision, ReadOnlyMemory<byte> last)
    {
        var held = false;
        await WriteAsync(() => held = table.Decide(claim, decision, last, time.GetUtcNow() + options.Keep));
        return held;
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(long claim) => ledger.WriteAsync(new PendingChange(() => table.Release(claim), retried: true), CancellationToken.None);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(long claim, int segment) => ValueTask.FromResult(segments.Read(claim, segment));

    /// <inheritdoc/>
    public async ValueTask<int> TendAsync()
    {
        var total = 0;
        int deleted;
        do
        {
            deleted = 0;
            await WriteAsync(() => deleted = table.Expire(time.GetUtcNow(), DeletedAtOnce));
            total += deleted;
        }
        while (deleted == DeletedAtOnce);

        return total;
    }

    /// <summary>Lets go of the ledger's connection. Keys that are claimed stay so until the ledger is opened again.</summary>
    public async ValueTask DisposeAsync()
    {
        segments.Dispose();
        try
        {
            await WriteAsync(table.Forget);
        }
        catch (Exception gone) when (gone is ObjectDisposedException or LedgerException)
        {
            // The connection is closed, and with it the statements; or the store fails, and its ledger reports that.
        }
    }

    private ValueTask WriteAsync(Action apply) => ledger.WriteAsync(new PendingChange(apply), CancellationToken.None);
}
