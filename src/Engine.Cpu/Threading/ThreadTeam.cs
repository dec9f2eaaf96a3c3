namespace Penstock.Engine.Cpu.Threading;

/// <summary>
/// The threads that compute a step: the caller and <see cref="Size"/> - 1 workers. Items are claimed one at a time from one
/// atomic ticket, so a thread that the operating system has put aside holds up at most the item that it has in hand. Waiting
/// threads spin briefly and then park. Beside others that use the cores fewer threads compute (<see cref="TeamPace"/>). One caller at a time; allocates only when made.
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
    private readonly SemaphoreSlim[] wake;
    private readonly int[] parked;
    private readonly SemaphoreSlim finished = new(0);
    private readonly TimeProvider time;
    private readonly TeamPace pace;
    private ITeamJob? job;
    private Exception? fault;
    private long ticket;
    private long generation;
    private int remaining;
    private int callerParked;
    private long stepStart;
    private long waited;
    private volatile int active;
    private volatile bool stopping;

    /// <param name="size">Threads, the caller included.</param>
    /// <param name="clock">Measures how long the caller waits for others.</param>
    /// <param name="affinity">The processor of each thread, the caller's first; empty = where the system puts them.</param>
    public ThreadTeam(int size, TimeProvider? clock = null, IReadOnlyList<int>? affinity = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        (Size, active, time, pace) = (size, size, clock ?? TimeProvider.System, new TeamPace(size));
        workers = new Thread[size - 1];
        parked = new int[size];
        wake = [.. Enumerable.Range(0, size).Select(_ => new SemaphoreSlim(0))];
        for (var i = 0; i < workers.Length; i++)
        {
            var worker = i + 1;
            workers[i] = new Thread(() => Work(worker, affinity is { Count: > 0 } ? affinity[worker] : null)) { IsBackground = true, Name = $"penstock-cpu-{worker}" };
            workers[i].Start();
        }
    }

    /// <summary>Threads, the caller included.</summary>
    public int Size { get; }

    /// <summary>Threads that compute in this step, at most <see cref="Size"/>.</summary>
    public int Active => active;

    /// <summary>Begins a step: jobs whose waiting counts together.</summary>
    public void BeginStep() => (stepStart, waited) = (time.GetTimestamp(), 0);

    /// <summary>Ends a step, and decides how many threads compute in the next.</summary>
    public void EndStep()
    {
        pace.Record(time.GetElapsedTime(stepStart), time.GetElapsedTime(0, waited));
        active = pace.Active;
    }

    /// <summary>Computes all items of a job and returns when the last is done. The caller takes part.</summary>
    public void Run(ITeamJob work, int items)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(items, MostItems);
        if (active == 1 || items <= 1)
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
        WakeWorkers(Math.Min(items, active));
        while (TryClaim(out var item))
            Execute(item, 0);

        AwaitRemaining();
        if (Interlocked.Exchange(ref fault, null) is { } exception)
            throw new InvalidOperationException("A kernel failed.", exception);
    }

    public void Dispose()
    {
        stopping = true;
        foreach (var each in wake)
            each.Release();
        foreach (var worker in workers)
            worker.Join();
        foreach (var each in wake)
            each.Dispose();
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

    // Workers 1 to threads - 1, as far as they sleep.
    private void WakeWorkers(int threads)
    {
        for (var worker = 1; worker < threads; worker++)
        {
            if (Volatile.Read(ref parked[worker]) == 1 && Interlocked.Exchange(ref parked[worker], 0) == 1)
                wake[worker].Release();
        }
    }

    private void AwaitRemaining()
    {
        for (var polls = 0; polls < CallerPolls; polls++)
        {
            if (Volatile.Read(ref remaining) == 0)
                return;
            Thread.SpinWait(4);
        }

        var start = time.GetTimestamp();
        Interlocked.Exchange(ref callerParked, 1);
        if (Volatile.Read(ref remaining) > 0 || Interlocked.Exchange(ref callerParked, 0) == 0)
            finished.Wait();
        waited += time.GetTimestamp() - start;
    }

    private void Work(int worker, int? processor)
    {
        if (processor is { } kept)
            ProcessorAffinity.Pin(kept);
        while (!stopping)
        {
            while (worker < active && TryClaim(out var item))
                Execute(item, worker);

            if (!SpinForItems(worker))
                Park(worker);
        }
    }

    private bool SpinForItems(int worker)
    {
        for (var polls = 0; polls < WorkerPolls && worker < active; polls++)
        {
            if (HasItems(Volatile.Read(ref ticket)) || stopping)
                return true;
            Thread.SpinWait(4);
        }

        return false;
    }

    // Announces the parking first and looks once more: either this sees the new ticket, or the caller sees the announcement, and then its wake must be taken.
    private void Park(int worker)
    {
        Interlocked.Exchange(ref parked[worker], 1);
        if ((worker < active && HasItems(Volatile.Read(ref ticket))) || stopping)
        {
            if (Interlocked.Exchange(ref parked[worker], 0) == 1)
                return;
        }

        wake[worker].Wait();
    }
}
