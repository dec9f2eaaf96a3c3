namespace Penstock.Gateway.Streaming;

/// <summary>
/// Sends a comment whenever a stream has been quiet for a while, so that nothing between here and the client takes the connection for dead. The stream's owner says
/// when it has nothing to write; only then is something written on its behalf. Costs a token no allocation.
/// </summary>
internal sealed class KeepAlive : IAsyncDisposable
{
    /// <summary>Half of the shortest time that proxies and load balancers commonly wait for the next byte (30 s).</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly Lock gate = new();
    private readonly IAnswerWriter writer;
    private readonly ITimer timer;
    private Task speaking = Task.CompletedTask;
    private bool quiet;

    public KeepAlive(IAnswerWriter writer, TimeProvider time)
    {
        this.writer = writer;
        timer = time.CreateTimer(static one => ((KeepAlive)one!).Speak(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The owner waits: until <see cref="WakeAsync"/> the writer is not its own.</summary>
    public void Rest()
    {
        lock (gate)
        {
            quiet = true;
        }

        timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The owner wants the writer back: complete when nothing is being written.</summary>
    public ValueTask WakeAsync()
    {
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (gate)
        {
            quiet = false;
            return new(speaking);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await WakeAsync();
        await timer.DisposeAsync();
    }

    private void Speak()
    {
        lock (gate)
        {
            if (quiet && speaking.IsCompleted)
            {
                speaking = SpeakAsync();
            }
        }
    }

    private async Task SpeakAsync()
    {
        try
        {
            await writer.KeepAliveAsync();
        }
#pragma warning disable CA1031 // A client that cannot be written to is noticed by whoever writes next.
        catch (Exception)
#pragma warning restore CA1031
        {
            return;
        }

        timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }
}
