using Penstock.Gateway.Attempts;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Tenancy;

namespace Penstock.Gateway.Settings;

/// <summary>
/// Everything that may change while a server runs: keys, tenants with their limits, prices, targets, routes. Immutable: another setting is another snapshot. A request takes the
/// current one at its edge and keeps it to its end, so that it never sees half of two. Thread-safe.
/// </summary>
public sealed class GatewaySettings
{
    private readonly UpstreamCatalog upstream;
    private int holds = 1;

    /// <summary>Whoever makes it holds it, and it holds the targets; see <see cref="Release"/>.</summary>
    /// <param name="options">Valid options, as they apply from now on.</param>
    /// <param name="models">What is served here.</param>
    /// <param name="upstream">What is served elsewhere.</param>
    public GatewaySettings(ServeOptions options, IReadOnlyList<ServedModel> models, UpstreamCatalog upstream)
    {
        this.upstream = upstream;
        upstream.Hold();
        Options = options;
        Keys = new ApiKeyRing(options.ApiKeys);
        Models = new ModelCatalog(models, upstream);
        Spending = new SpendingRules(options.BudgetTree, options.Prices, options.Tenants, options.Unpriced);
    }

    /// <summary>What the parts were made from.</summary>
    public ServeOptions Options { get; }

    /// <summary>Who may call.</summary>
    public ApiKeyRing Keys { get; }

    /// <summary>What answers, here and elsewhere.</summary>
    public ModelCatalog Models { get; }

    /// <summary>The targets of <see cref="Models"/>.</summary>
    public UpstreamCatalog Upstream => upstream;

    /// <summary>Who may spend how much, and what things cost.</summary>
    public SpendingRules Spending { get; }

    /// <summary>Keeps it, and the connections of its targets, for something that outlives who has it now.</summary>
    /// <exception cref="ObjectDisposedException">Nobody holds it any more.</exception>
    public void Hold() => ObjectDisposedException.ThrowIf(!TryHold(), this);

    /// <summary>Gives one hold back. With the last one the targets are let go: those that no other snapshot has close their connections.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref holds) == 0)
        {
            upstream.Dispose();
        }
    }

    /// <summary>Holds it, unless nobody does any more.</summary>
    internal bool TryHold()
    {
        var seen = Volatile.Read(ref holds);
        while (seen > 0)
        {
            var now = Interlocked.CompareExchange(ref holds, seen + 1, seen);
            if (now == seen)
            {
                return true;
            }

            seen = now;
        }

        return false;
    }
}
