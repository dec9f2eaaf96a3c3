namespace Penstock.Gateway.Hosting;

/// <summary>What a model's name in a request means.</summary>
/// <param name="Model">The model.</param>
/// <param name="Adapter">The adapter that the name has after a colon, or null.</param>
public sealed record ModelRoute(ServedModel Model, string? Adapter);
