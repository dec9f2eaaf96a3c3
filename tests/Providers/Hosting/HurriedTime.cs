namespace Penstock.Providers.Tests.Hosting;

/// <summary>
/// A clock that stands still, but for timers that are due within <paramref name="hurry"/>: these fire at once, and the clock is then where they were due. Longer ones
/// fire when the test moves the clock.
/// </summary>
internal sealed class HurriedTime(TimeSpan hurry) : TimeProvider
{
    private readonly TimeSpan hurry = hurry;
    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        lock (gate)
        {
            timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Whether a timer is due within this time.</summary>
    public bool Waits(TimeSpan within)
    {
        lock (gate)
        {
            return timers.Any(timer => timer.DueAt <= now + within);
        }
    }

    public void Advance(TimeSpan by)
    {
        List<(Timer Timer, DateTimeOffset At)> due;
        lock (gate)
        {
            now += by;
            due = [.. timers.Where(timer => timer.DueAt <= now).Select(timer => (timer, timer.DueAt!.Value))];
        }

        due.ForEach(each => each.Timer.Fire(each.At));
    }

    private sealed class Timer(HurriedTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : time.now + dueTime;
                if (DueAt is not { } at || dueTime > time.hurry)
                {
                    return true;
                }

                time.now = at > time.now ? at : time.now;
                ThreadPool.QueueUserWorkItem(_ => Fire(at));
                return true;
            }
        }

        public void Fire(DateTimeOffset at)
        {
            lock (time.gate)
            {
                if (DueAt != at)
                {
                    return;
                }

                DueAt = null;
            }

            callback(state);
        }

        public void Dispose()
        {
            lock (time.gate)
            {
                DueAt = null;
                time.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
