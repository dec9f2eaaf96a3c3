using Penstock.Ledger.Budgets;

namespace Penstock.Gateway.Tenancy;

/// <summary>A key that a tenant may use, as its digest: the key itself is never stored.</summary>
/// <param name="Id">The key's public name, which goes into records.</param>
/// <param name="Tenant">Who pays.</param>
/// <param name="Sha256">SHA-256 of the key's UTF-8 bytes: 32 bytes. Keys are random and long, so a slow hash would add nothing.</param>
/// <param name="Operator">Whether it may see what concerns all tenants.</param>
public sealed record ApiKey(string Id, string Tenant, ReadOnlyMemory<byte> Sha256, bool Operator = false)
{
    /// <summary>From then on it is refused; null = never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>What it was before it was rotated, under the same id; null = nothing that is still taken.</summary>
    public FormerKey? Former { get; init; }

    /// <summary>What it may spend. Empty = what its tenant may.</summary>
    public IReadOnlyList<BudgetLimit> Limits { get; init; } = [];

    /// <summary>The models that it may use.</summary>
    public KeyScope Models { get; init; } = KeyScope.All;

    /// <summary>The surfaces that it may use, by the names of <see cref="Surfaces"/>.</summary>
    public KeyScope Surfaces { get; init; } = KeyScope.All;
}
