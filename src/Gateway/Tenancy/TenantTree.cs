using Penstock.Ledger.Budgets;

namespace Penstock.Gateway.Tenancy;

/// <summary>The tree of those who spend, as budgets see it: tenants under their parents, keys under their tenants.</summary>
public static class TenantTree
{
    /// <summary>The node that pays for a request: its key, or its tenant where no key is needed.</summary>
    public static string NodeOf(string tenant, string? keyId) => keyId is null ? tenant : $"{tenant}/{keyId}";

    /// <summary>Every node. A tenant that only keys name has no limits of its own.</summary>
    public static IReadOnlyList<BudgetNode> Nodes(IReadOnlyList<TenantOptions> tenants, IReadOnlyList<ApiKey> keys)
    {
        var known = tenants.Select(tenant => tenant.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. tenants.Select(tenant => new BudgetNode(tenant.Name, tenant.Parent, tenant.Limits) { Ramp = tenant.Ramp, RunShare = tenant.Runs?.Share ?? 0 }),
            .. keys.Select(key => key.Tenant).Distinct().Where(tenant => !known.Contains(tenant)).Select(tenant => new BudgetNode(tenant, null, [])),
            .. keys.Select(key => new BudgetNode(NodeOf(key.Tenant, key.Id), key.Tenant, key.Limits)),
        ];
    }
}
