using Microsoft.Extensions.Logging;

namespace Penstock.Gateway.Hosting;

/// <summary>
/// How the server stops: from <see cref="Begin"/> on it still listens but takes no new requests, running ones may finish until
/// the time is up (<see cref="Expired"/>), then they are ended. Once <see cref="Drained"/>, the listener may close. Thread-safe.
/// </summary>
public sealed class DrainSignal(TimeSpan limit, TimeProvider time, ILogger<DrainSignal> logger) : IDisposable
{
    private readonly CancellationTokenSource expired = new();
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? timer;
    private bool draining;
    private int running;

    /// <summary>Whether the server is stopping.</summary>
    public bool Draining => Volatile.Read(ref draining);

    /// <summary>Cancelled when running requests must end.</summary>
    public CancellationToken Expired => expired.Token;

    /// <summary>Completes when the server is stopping and nothing runs, or what ran was told to end.</summary>
    public Task Drained => drained.Task;

    /// <summary>Requests that run now.</summary>
    public int Running => Volatile.Read(ref running);

    /// <summary>Counts a request in; dispose to count it out.</summary>
    public Presence Enter()
    {
        Interlocked.Increment(ref running);
        return new Presence(this);
    }

    /// <summary>Starts to drain. Called again it does nothing.</summary>
    public void Begin()
    {
        if (Interlocked.Exchange(ref draining, true))
        {
            return;
        }

        // A request enters (a full fence) and then looks at the flag; here the flag is set (a full fence) and then the requests are counted.
        if (Running == 0)
        {
            drained.TrySetResult();
            return;
        }

        GatewayLog.Draining(logger, Requests(), limit.TotalSeconds);
        timer = time.CreateTimer(static state => ((DrainSignal)state!).Expire(), this, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends what runs now, without waiting for the time to be up.</summary>
    public void EndNow()
    {
        if (Running > 0)
        {
            GatewayLog.DrainCutShort(logger, Requests());
        }

        End();
    }

    public void Dispose()
    {
        timer?.Dispose();
        expired.Dispose();
    }

    private void Expire()
    {
        if (Running > 0 && !expired.IsCancellationRequested)
        {
            GatewayLog.DrainExpired(logger, Requests());
        }

        End();
    }

    private void End()
    {
        expired.Cancel();
        drained.TrySetResult();
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref running) == 0 && Draining)
        {
            drained.TrySetResult();
        }
    }

    private string Requests() => Running == 1 ? "1 request" : $"{Running} requests";

    /// <summary>A request that runs.</summary>
    public readonly struct Presence(DrainSignal signal) : IDisposable
    {
        public void Dispose() => signal.Leave();
    }
}
