using Penstock.Contracts.Errors;

namespace Penstock.Providers.Credentials;

/// <summary>A target's key as it is now. It can be read again at any time: a key that is rotated where it is kept needs no restart. Thread-safe.</summary>
/// <param name="source">Where it is; null = the target needs none.</param>
/// <param name="first">What was found there.</param>
/// <param name="time">The clock.</param>
public sealed class LiveCredential(CredentialSource? source, Credential? first, TimeProvider time) : IDisposable
{
    /// <summary>A hundred requests that are refused at one moment, or a key that stays wrong, do not run a command a hundred times.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim gate = new(1);
    private Credential? current = first;
    private long? readAt;

    /// <summary>The key; null where none is needed.</summary>
    public Credential? Current => Volatile.Read(ref current);

    /// <summary>Where it is; null = the target needs none.</summary>
    public CredentialSource? Source => source;

    /// <summary>Reads the key again. What cannot be read leaves the old one in place, and is the error.</summary>
    public async ValueTask<PenstockError?> ReadAsync(CancellationToken cancellationToken)
    {
        if (source is null)
        {
            return null;
        }

        var found = await source.ReadAsync(cancellationToken);
        if (!found.Ok)
        {
            return found.Error;
        }

        if (Current?.Reveal() != found.Value.Reveal())
        {
            Volatile.Write(ref current, found.Value);
        }

        return null;
    }

    public void Dispose() => gate.Dispose();

    /// <summary>Another key than the one that was refused; null when there is none, or somebody looked a moment ago.</summary>
    internal async ValueTask<Credential?> RenewAsync(Credential? refused, CancellationToken cancellationToken)
    {
        if (source is null)
        {
            return null;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            if (ReferenceEquals(Current, refused) && !(readAt is { } last && time.GetElapsedTime(last) < Between))
            {
                readAt = time.GetTimestamp();
                await ReadAsync(cancellationToken);
            }

            return ReferenceEquals(Current, refused) ? null : Current;
        }
        finally
        {
            gate.Release();
        }
    }
}
