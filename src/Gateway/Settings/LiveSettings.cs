namespace Penstock.Gateway.Settings;

/// <summary>The settings that hold now. Thread-safe. Disposing it lets go of them; requests that still have them keep them to their end.</summary>
/// <param name="first">Its hold becomes this one's.</param>
public sealed class LiveSettings(GatewaySettings first) : IDisposable
{
    private GatewaySettings current = first;
    private int disposed;

    /// <summary>The snapshot, for a look at its values. Whoever uses its targets takes it with <see cref="Enter"/>.</summary>
    public GatewaySettings Current => Volatile.Read(ref current);

    /// <summary>The snapshot, held: the caller gives it back with <see cref="GatewaySettings.Release"/>.</summary>
    public GatewaySettings Enter()
    {
        while (true)
        {
            // Between the look and the hold it may have been replaced and let go; then there is a newer one.
            var settings = Current;
            if (settings.TryHold())
            {
                return settings;
            }

            ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed) != 0, this);
        }
    }

    /// <summary>From now on requests get this snapshot; those under way keep theirs.</summary>
    /// <param name="next">Its hold becomes this one's.</param>
    public void Replace(GatewaySettings next) => Interlocked.Exchange(ref current, next).Release();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            Current.Release();
        }
    }
}
