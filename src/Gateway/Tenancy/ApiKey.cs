namespace Penstock.Gateway.Tenancy;

/// <summary>A key that a tenant may use, as its digest: the key itself is never stored.</summary>
/// <param name="Id">The key's public name, which goes into records.</param>
/// <param name="Tenant">Who pays.</param>
/// <param name="Sha256">SHA-256 of the key's UTF-8 bytes: 32 bytes. Keys are random and long, so a slow hash would add nothing.</param>
/// <param name="Operator">Whether it may see what concerns all tenants.</param>
public sealed record ApiKey(string Id, string Tenant, ReadOnlyMemory<byte> Sha256, bool Operator = false);
