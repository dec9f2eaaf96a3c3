using System.Threading.Channels;

namespace Penstock.Ledger.Storage;

/// <summary>
/// Writes what is queued, many rows a transaction, one thread at a time and without a thread of its own. Where nothing else waits to be run, whoever has a row
/// commits it at once and goes on: no thread has to be woken, twice, for a single client. Where others wait, they come first, since they may have rows too, and the
/// transaction grows with the load. Thread-safe.
/// </summary>
/// <param name="writer">Writes batches; used by one thread at a time.</param>
/// <param name="capacity">Rows that may wait; when it is full, callers wait for room.</param>
/// <param name="rowsPerCommit">Most rows in one transaction.</param>
/// <param name="time">The clock of what is tried again.</param>
internal sealed class GroupCommit(BatchWriter writer, int capacity, int rowsPerCommit, TimeProvider time) : IThreadPoolWorkItem, IDisposable
{
    /// <summary>Between two attempts to write ends that the store could not take, while nothing else is written.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly Channel<PendingWrite> queue = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(capacity) { SingleReader = true });
    private readonly List<PendingWrite> batch = [];
    private readonly Unwritten unwritten = new();
    private readonly Lock turn = new();
    private ITimer? retry;
    private int scheduled;
    private bool disposed;

    /// <summary>Writes with the next transaction; complete when committed. What is queued earlier is committed no later.</summary>
    /// <param name="write">What to write.</param>
    /// <param name="withNext">The caller has another write to come: one transaction shall have both.</param>
    /// <param name="cancellationToken">Gives up waiting for room in the queue.</param>
    /// <exception cref="LedgerException">It is not on disk.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed; nothing is written.</exception>
    public async ValueTask WriteAsync(PendingWrite write, bool withNext, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || !queue.Writer.TryWrite(write))
        {
            try
            {
                await queue.Writer.WriteAsync(write, cancellationToken);
            }
            catch (ChannelClosedException closed)
            {
                throw new ObjectDisposedException("The ledger was disposed.", closed);
            }
        }

        // What this object has scheduled itself is nobody else waiting.
        if (withNext || ThreadPool.PendingWorkItemCount > Volatile.Read(ref scheduled))
        {
            Schedule();
        }
        else
        {
            TryWrite();
        }

        await write.Written;
    }

    /// <summary>Writes what is queued; afterwards nothing more is taken.</summary>
    public void Dispose()
    {
        queue.Writer.TryComplete();
        lock (turn)
        {
            if (disposed)
            {
                return;
            }

            while (TakeBatch())
            {
                WriteBatch();
            }

            unwritten.Write(writer);
            retry?.Dispose();
            disposed = true;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Exchange(ref scheduled, 0);
        TryWrite();
    }

    private void Schedule()
    {
        if (Interlocked.Exchange(ref scheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    // Whoever has the turn looks at the queue again when it has given it back, so that a row that came meanwhile is not left behind.
    private void TryWrite()
    {
        if (!turn.TryEnter())
        {
            return;
        }

        try
        {
            if (disposed)
            {
                return;
            }

            if (TakeBatch() || unwritten.Any)
            {
                WriteBatch();
            }
        }
        finally
        {
            turn.Exit();
        }

        if (queue.Reader.Count > 0)
        {
            Schedule();
        }
    }

    private bool TakeBatch()
    {
        batch.Clear();
        while (batch.Count < rowsPerCommit && queue.Reader.TryRead(out var write))
        {
            batch.Add(write);
        }

        return batch.Count > 0;
    }

    private void WriteBatch()
    {
        unwritten.Write(writer);
        if (batch.Count > 0)
        {
            writer.Write(batch);
            unwritten.Take(batch);
            batch.ForEach(write => write.Complete());
        }

        if (unwritten.Any)
        {
            retry ??= time.CreateTimer(static self => ((GroupCommit)self!).Schedule(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            retry.Change(RetryInterval, Timeout.InfiniteTimeSpan);
        }
    }
}
