using Penstock.Contracts.Records;

namespace Penstock.Ledger.Storage;

/// <summary>A row on its way to the disk, and the caller who waits for it.</summary>
internal sealed class PendingRow(RequestRecord record)
{
    private readonly TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestRecord Record { get; } = record;

    /// <summary>Why the row is not on disk; null when it is.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Completes when the row is committed, or faults with <see cref="Fault"/>.</summary>
    public Task Written => written.Task;

    public void Complete()
    {
        if (Fault is null)
        {
            written.SetResult();
        }
        else
        {
            written.SetException(Fault);
        }
    }
}
