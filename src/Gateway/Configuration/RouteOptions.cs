namespace Penstock.Gateway.Configuration;

/// <summary>A name for one or several models elsewhere.</summary>
/// <param name="Model">The name that requests use.</param>
/// <param name="Use">Who answers, in the order in which they are asked: <c>target/model</c>, or the name of a model that is served here.</param>
public sealed record RouteOptions(string Model, IReadOnlyList<string> Use);
