namespace Penstock.Ledger.Storage;

/// <summary>
/// Ends that a failed store could not take (a full disk, a lock): kept in memory and written once it works again. Bounded; one thread at a time.
/// </summary>
internal sealed class Unwritten
{
    /// <summary>About 1 KiB each, so 8 MiB at most: no new request is admitted meanwhile, so only what ran can pile up here, a record and a settlement each.</summary>
    private const int Most = 8192;

    private List<PendingWrite> waiting = [];

    public bool Any => waiting.Count > 0;

    /// <summary>Takes what a failed transaction left of these, as far as there is room, and tells their callers.</summary>
    public void Take(IReadOnlyList<PendingWrite> written)
    {
        foreach (var write in written)
        {
            if (write.Fault is LedgerException { Fault: not LedgerFault.Conflict } fault && waiting.Count < Most && write.Again() is { } again)
            {
                write.Fault = new LedgerException(fault.Fault, fault.Message, fault.InnerException) { WillRetry = true };
                waiting.Add(again);
            }
        }
    }

    /// <summary>Tries again, in a transaction of its own: what cannot be written here must not be in the way of others.</summary>
    public void Write(BatchWriter writer)
    {
        if (!Any)
        {
            return;
        }

        writer.Write(waiting);
        waiting = [.. waiting.Where(write => write.Fault is LedgerException { Fault: not LedgerFault.Conflict }).Select(write => write.Again()).OfType<PendingWrite>()];
    }
}
