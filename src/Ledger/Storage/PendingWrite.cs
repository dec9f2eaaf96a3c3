namespace Penstock.Ledger.Storage;

/// <summary>Something on its way to the disk, and the caller who waits for it.</summary>
internal abstract class PendingWrite
{
    private readonly TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Why it is not on disk; null when it is.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Completes when it is committed, or faults with <see cref="Fault"/>.</summary>
    public Task Written => written.Task;

    /// <summary>
    /// Writes it, on the writer's thread and inside a transaction. What it returns concerns it alone; what it throws fails the whole transaction, which is
    /// then rolled back.
    /// </summary>
    public abstract LedgerException? Apply();

    /// <summary>The same once more, to be tried later when the store has failed; null = whoever waits for it is told, and that is the end of it.</summary>
    public virtual PendingWrite? Again() => null;

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
