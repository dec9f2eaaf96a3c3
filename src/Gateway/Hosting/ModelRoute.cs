namespace Penstock.Gateway.Hosting;

/// <summary>What a model's name in a request means.</summary>
/// <param name="Model">The model.</param>
/// <param name="Adapter">The adapter that the name has after a colon, or null.</param>
/// <param name="Reason">Why it is this one, in a few words for the record.</param>
public sealed record ModelRoute(ServedModel Model, string? Adapter, string Reason);
