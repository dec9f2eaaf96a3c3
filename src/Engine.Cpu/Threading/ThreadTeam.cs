namespace Penstock.Engine.Cpu.Threading;

/// <summary>
/// The threads that compute a step: the caller and <see cref="Size"/> - 1 workers. Items are claimed one at a time from one
/// atomic ticket, so a thread that the operating system has put aside holds up at most the item that it has in hand. Waiting
/// threads spin briefly and then park. One caller at a time; allocates only when made.
/// </summary>
/// <remarks>
/// The ticket holds generation, item count and next item in one word, so that one atomic increment claims an item and
/// proves at the same time which job it belongs to: a worker that comes late cannot take an item of a job that it has not
/// seen. A job's description stays valid until its last item is done, because the caller waits for that.
/// </remarks>
internal sealed class ThreadTeam : IDisposable
{
    // 2^20 for the next item and for the count; a failing claim by each of a few threads may overshoot the count.
    private const int FieldBits = 20;
    private const long FieldMask = (1L << FieldBits) - 1;
    private const int MostItems = 1 << (FieldBits - 1);

    // A poll is about 0.1 µs. Workers bridge the caller's own work between two phases of a step (tens of µs); the caller
    // waits for at most one item of each worker.
    private const int WorkerPolls = 600;
    private const int CallerPolls = 400;

    private readonly Thread[] workers;
    private readonly SemaphoreSlim wake = new(0);
    private readonly SemaphoreSlim finished = new(0);
    private ITeamJob? job;
    private Exception? fault;
    private long ticket;
    private long generation;
    private int remaining;
    private int parked;
    private int callerParked;
    private volatile bool stopping;

    public ThreadTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        Size = size;
        workers = new Thread[size - 1];
        for (var i = 0; i < workers.Length; i++)
        {
            var worker = i + 1;
            workers[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"penstock-cpu-{worker}" };
            workers[i].Start();
        }
    }

    /// <summary>Threads, the caller included.</summary>
    public int Size { get; }

    /// <summary>Computes all items of a job and returns when the last is done. The caller takes part.</summary>
    public void Run(ITeamJob work, int items)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(items, MostItems);
        if (Size == 1 || items <= 1)
        {
            for (var item = 0; item < items; item++)
                work.Execute(item, 0);
            return;
        }

        job = work;
        remaining = items;
        generation = (generation + 1) & ((1L << 22) - 1);
        Volatile.Write(ref ticket, (generation << (2 * FieldBits)) | ((long)items << FieldBits));
        Interlocked.MemoryBarrier();
        WakeWorkers(Math.Min(items - 1, workers.Length));
        while (TryClaim(out var item))
            Execute(item, 0);

        AwaitRemaining();
        if (Interlocked.Exchange(ref fault, null) is { } exception)
            throw new InvalidOperationException("A kernel failed.", exception);
    }

    public void Dispose()
    {
        stopping = true;
        wake.Release(workers.Length + 1);
        foreach (var worker in workers)
            worker.Join();
        wake.Dispose();
        finished.Dispose();
    }

    private static bool HasItems(long value) => (value & FieldMask) < ((value >> FieldBits) & FieldMask);

    private bool TryClaim(out int item)
    {
        item = 0;
        if (!HasItems(Volatile.Read(ref ticket)))
            return false;

        var claimed = Interlocked.Increment(ref ticket) - 1;
        item = (int)(claimed & FieldMask);
        return HasItems(claimed);
    }

    private void Execute(int item, int worker)
    {
        try
        {
            job!.Execute(item, worker);
        }
#pragma warning disable CA1031 // Whatever it is, it belongs to the caller: a worker has nobody to tell.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            fault = exception;
        }

        if (Interlocked.Decrement(ref remaining) == 0 && Interlocked.Exchange(ref callerParked, 0) == 1)
            finished.Release();
    }

    private void WakeWorkers(int wanted)
    {
        var sleeping = Volatile.Read(ref parked);
        if (sleeping > 0)
            wake.Release(Math.Min(sleeping, wanted));
    }

    private void AwaitRemaining()
    {
        for (var polls = 0; polls < CallerPolls; polls++)
        {
            if (Volatile.Read(ref remaining) == 0)
                return;
            Thread.SpinWait(4);
        }

        Interlocked.Exchange(ref callerParked, 1);
        if (Volatile.Read(ref remaining) > 0 || Interlocked.Exchange(ref callerParked, 0) == 0)
            finished.Wait();
    }

    private void Work(int worker)
    {
        while (!stopping)
        {
            while (TryClaim(out var item))
                Execute(item, worker);

            if (!SpinForItems())
                Park();
        }
    }

    private bool SpinForItems()
    {
        for (var polls = 0; polls < WorkerPolls; polls++)
        {
            if (HasItems(Volatile.Read(ref ticket)) || stopping)
                return true;
            Thread.SpinWait(4);
        }

        return false;
    }

    // Announces the parking first and looks once more: either this sees the new ticket, or the caller sees the announcement.
    private void Park()
    {
        Interlocked.Increment(ref parked);
        if (!HasItems(Volatile.Read(ref ticket)) && !stopping)
            wake.Wait();
        Interlocked.Decrement(ref parked);
    }
}
