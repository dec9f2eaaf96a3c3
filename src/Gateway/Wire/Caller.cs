namespace Penstock.Gateway.Wire;

/// <summary>Who asks, as far as the server knows, and the id that it gave to the request.</summary>
/// <param name="RequestId">Unique in the ledger: <c>req_...</c>.</param>
/// <param name="Tenant">Who pays.</param>
/// <param name="ApiKeyId">The key's public id, or null where none is needed.</param>
public sealed record Caller(string RequestId, string Tenant, string? ApiKeyId);
