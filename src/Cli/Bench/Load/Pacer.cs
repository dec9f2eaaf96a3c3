namespace Penstock.Cli.Bench.Load;

/// <summary>
/// Starts work at its intended moments, or as workers get free. The open loop never waits for an answer, and each start is scheduled
/// by absolute time: a late one does not shift those after it. Whoever measures from <c>intendedAt</c> is therefore free of
/// coordinated omission (G. Tene, "How NOT to measure latency"): a server that freezes is charged for every request that it kept waiting.
/// </summary>
internal sealed class Pacer(TimeProvider time)
{
    /// <summary>Starts item <c>i</c> at <c>start + at[i]</c>, however many are still under way.</summary>
    /// <param name="at">Ascending.</param>
    /// <param name="work">Gets the index and the timestamp at which it should have started.</param>
    /// <param name="cancellationToken">Starts no more; what is under way is waited for.</param>
    public async Task<T[]> OpenAsync<T>(IReadOnlyList<TimeSpan> at, Func<int, long, Task<T>> work, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var running = new List<Task<T>>(at.Count);
        for (var i = 0; i < at.Count && !cancellationToken.IsCancellationRequested; i++)
        {
            await WaitUntilAsync(start, at[i], cancellationToken);
            var index = i;
            var intendedAt = start + (long)(at[i].TotalSeconds * time.TimestampFrequency);

            // On another thread: writing one request must not delay the next.
            running.Add(Task.Run(() => work(index, intendedAt), CancellationToken.None));
        }

        return await Task.WhenAll(running);
    }

    /// <summary>Keeps <paramref name="concurrency"/> items under way until <paramref name="count"/> have been started. Here a slow server slows the load.</summary>
    public async Task<T[]> ClosedAsync<T>(int count, int concurrency, Func<int, long, Task<T>> work, CancellationToken cancellationToken)
    {
        var results = new T[count];
        var next = -1;
        var done = 0;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(concurrency, count)).Select(_ => Task.Run(async () =>
        {
            while (!cancellationToken.IsCancellationRequested && Interlocked.Increment(ref next) is var i && i < count)
            {
                results[i] = await work(i, time.GetTimestamp());
                Interlocked.Increment(ref done);
            }
        })));
        return done == count ? results : [.. results.Where(result => result is not null)];
    }

    private async Task WaitUntilAsync(long start, TimeSpan at, CancellationToken cancellationToken)
    {
        while (at - time.GetElapsedTime(start) is var left && left > TimeSpan.Zero && !cancellationToken.IsCancellationRequested)
        {
            // Timers count whole milliseconds and would round the rest down to no wait at all.
            var pause = TimeSpan.FromMilliseconds(Math.Max(1, Math.Floor(left.TotalMilliseconds)));
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
