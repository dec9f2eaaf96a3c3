using Penstock.Contracts.Records;

namespace Penstock.Ledger.Storage;

/// <summary>
/// Final records that a failed store could not take (a full disk, a lock): kept in memory and written once it works again, so that an
/// outage does not turn finished requests into running ones. Bounded; one thread at a time.
/// </summary>
internal sealed class UnwrittenEnds
{
    /// <summary>About 1 KiB each, so 4 MiB at most: no new request is admitted meanwhile, so only what ran can pile up here.</summary>
    private const int Most = 4096;

    private List<PendingRow> rows = [];

    public bool Any => rows.Count > 0;

    /// <summary>Takes what a failed transaction left of these rows, as far as there is room, and tells their callers.</summary>
    public void Take(IReadOnlyList<PendingRow> written)
    {
        foreach (var row in written)
        {
            if (row.Record.State == RecordState.Finished && row.Fault is LedgerException { Fault: not LedgerFault.Conflict } fault && rows.Count < Most)
            {
                row.Fault = new LedgerException(fault.Fault, fault.Message, fault.InnerException) { WillRetry = true };
                rows.Add(new PendingRow(row.Record));
            }
        }
    }

    /// <summary>Tries again, in a transaction of its own: what cannot be written here must not be in the way of other rows.</summary>
    public void Write(RecordWriter writer)
    {
        if (!Any)
        {
            return;
        }

        writer.Write(rows);
        rows = [.. rows.Where(row => row.Fault is LedgerException { Fault: not LedgerFault.Conflict }).Select(row => new PendingRow(row.Record))];
    }
}
