using System.Text.Json;
using Penstock.Contracts;
using Penstock.Providers;
using Penstock.Routing.Breakers;

namespace Penstock.Gateway.Attempts;

/// <summary>
/// A provider with what all requests know of it, counted: settings that follow one another share what did not change, so that a reload neither closes a connection nor forgets that a
/// target is broken. Thread-safe. Disposing gives one hold back.
/// </summary>
internal sealed class SharedProvider : IDisposable
{
    private readonly string print;
    private int holds = 1;

    private SharedProvider(Provider provider, string print, Breaker breaker) => (Provider, this.print, Breaker) = (provider, print, breaker);

    public Provider Provider { get; }

    public Breaker Breaker { get; }

    /// <summary>One for these options: the earlier one where nothing of them has changed, else a new one. Reads the key either way.</summary>
    /// <param name="options">The options.</param>
    /// <param name="earlier">The target of the same name before, or null.</param>
    /// <param name="breakers">When it counts as broken.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask<Outcome<SharedProvider>> OpenAsync(TargetOptions options, SharedProvider? earlier, BreakerPolicy breakers, TimeProvider time, CancellationToken cancellationToken)
    {
        var wanted = Print(options);
        if (earlier?.print == wanted)
        {
            if (await earlier.Provider.Credential.ReadAsync(cancellationToken) is { } unreadable)
            {
                return unreadable with { Message = $"Target '{options.Name}': {unreadable.Message}" };
            }

            Interlocked.Increment(ref earlier.holds);
            return earlier;
        }

        // At another address somebody else is to be judged anew.
        var provider = await Provider.OpenAsync(options, time, cancellationToken);
        return provider.Ok
            ? new SharedProvider(provider.Value, wanted, earlier?.Provider.Options.BaseUrl == options.BaseUrl ? earlier.Breaker : new Breaker(breakers))
            : provider.Error;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref holds) == 0)
        {
            Provider.Dispose();
        }
    }

    // Options have places of secrets only. Whether it is drained changes nothing of its connections.
    private static string Print(TargetOptions options) => JsonSerializer.Serialize(options with { Drained = false });
}
