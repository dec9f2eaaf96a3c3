using Microsoft.Extensions.Logging;

namespace Penstock.Gateway.Hosting;

/// <summary>
/// How the server stops: from <see cref="Begin"/> on it takes no new requests, running ones may finish until the time is up
/// (<see cref="Expired"/>), then they are ended. Thread-safe.
/// </summary>
public sealed class DrainSignal(TimeSpan limit, TimeProvider time, ILogger<DrainSignal> logger) : IDisposable
{
    private readonly CancellationTokenSource expired = new();
    private ITimer? timer;
    private volatile bool draining;
    private int running;

    /// <summary>Whether the server is stopping.</summary>
    public bool Draining => draining;

    /// <summary>Cancelled when running requests must end.</summary>
    public CancellationToken Expired => expired.Token;

    /// <summary>Requests that run now.</summary>
    public int Running => Volatile.Read(ref running);

    /// <summary>Counts a request in; dispose to count it out.</summary>
    public Presence Enter()
    {
        Interlocked.Increment(ref running);
        return new Presence(this);
    }

    /// <summary>Starts to drain; called again, ends what runs now.</summary>
    public void Begin()
    {
        if (draining)
        {
            Expire();
            return;
        }

        draining = true;

        // A request enters (a full fence) and then looks at the flag. Without a fence here both could read what the other has not yet shown.
        Interlocked.MemoryBarrier();
        if (Running == 0)
        {
            return;
        }

        GatewayLog.Draining(logger, Running, limit.TotalSeconds);
        timer = time.CreateTimer(static state => ((DrainSignal)state!).Expire(), this, limit, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        timer?.Dispose();
        expired.Dispose();
    }

    private void Expire()
    {
        if (Running > 0)
        {
            GatewayLog.DrainExpired(logger, Running);
        }

        expired.Cancel();
    }

    /// <summary>A request that runs.</summary>
    public readonly struct Presence(DrainSignal signal) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref signal.running);
    }
}
