using Penstock.Routing.Hedging;

namespace Penstock.Gateway.Configuration;

/// <summary>A name for one or several models elsewhere.</summary>
/// <param name="Model">The name that requests use.</param>
/// <param name="Use">Who answers, in the order in which they are asked: <c>target/model</c>, or the name of a model that is served here.</param>
public sealed record RouteOptions(string Model, IReadOnlyList<string> Use)
{
    /// <summary>When its requests are hedged; null = as all others.</summary>
    public HedgePolicy? Hedging { get; init; }

    /// <summary>Whether its answers go on elsewhere when they break off; null = as all others.</summary>
    public bool? Continue { get; init; }
}
