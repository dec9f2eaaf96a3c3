using Penstock.Contracts.Records;

namespace Penstock.Ledger.Postgres;

/// <summary>A record on its way to PostgreSQL, and the caller who waits for it.</summary>
/// <param name="record">The record.</param>
internal sealed class PendingRecord(RequestRecord record)
{
    private readonly TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestRecord Record => record;

    /// <summary>An admission that its caller has given up: the row goes, if it is there.</summary>
    public bool Withdraws { get; init; }

    /// <summary>It was tried before, and may have been committed then.</summary>
    public bool IsLate { get; init; }

    /// <summary>What in the ledger contradicts this one; concerns it alone.</summary>
    public LedgerException? Conflict { get; set; }

    /// <summary>Completes when it is committed.</summary>
    public Task Written => written.Task;

    public void Complete(Exception? failed)
    {
        if ((failed ?? Conflict) is { } fault)
        {
            written.SetException(fault);
        }
        else
        {
            written.SetResult();
        }
    }

    /// <summary>The same, to be tried later; of an admission that nobody waits for any more, its withdrawal.</summary>
    public PendingRecord Late() => new(record) { Withdraws = Withdraws || record.State == RecordState.Admitted, IsLate = true };
}
