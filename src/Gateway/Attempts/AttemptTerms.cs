using Penstock.Gateway.Configuration;
using Penstock.Routing.Attempts;
using Penstock.Routing.Hedging;

namespace Penstock.Gateway.Attempts;

/// <summary>What all attempts share.</summary>
/// <param name="Policy">When to try again.</param>
/// <param name="Time">The clock.</param>
/// <param name="Jitter">A number in [0, 1), another each time; thread-safe.</param>
internal sealed record AttemptTerms(RetryPolicy Policy, TimeProvider Time, Func<double> Jitter)
{
    /// <summary>What hedges may cost; null where there are none.</summary>
    public WasteBudget? Waste { get; } = Policy.Hedging is { } hedging ? new WasteBudget(hedging.WasteShare) : null;

    /// <summary>Those of a route that has a policy of its own, and then a budget of waste of its own.</summary>
    public AttemptTerms For(RouteOptions route) => route is { Hedging: null, Continue: null }
        ? this
        : new(Policy with { Hedging = route.Hedging ?? Policy.Hedging, Continue = route.Continue ?? Policy.Continue }, Time, Jitter);
}
