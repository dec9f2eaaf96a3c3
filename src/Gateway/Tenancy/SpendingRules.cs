using System.Collections.Frozen;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Prices;

namespace Penstock.Gateway.Tenancy;

/// <summary>Who may spend how much, and what things cost. Immutable and thread-safe.</summary>
public sealed class SpendingRules
{
    private readonly FrozenSet<string> limited;
    private readonly FrozenSet<string> limitedInMoney;
    private readonly FrozenDictionary<string, TenantOptions> tenants;

    /// <param name="tree">Everybody who spends.</param>
    /// <param name="prices">What models cost.</param>
    /// <param name="tenants">Who has which limits on agent runs.</param>
    /// <param name="unpriced">What becomes of what has no price where money is limited.</param>
    public SpendingRules(BudgetTree tree, PriceBook prices, IReadOnlyList<TenantOptions> tenants, UnpricedModels unpriced = UnpricedModels.Allow)
    {
        Unpriced = unpriced;
        Tree = tree;
        Prices = prices;
        this.tenants = tenants.ToFrozenDictionary(tenant => tenant.Name, StringComparer.Ordinal);

        // Nobody waits for a reservation that no limit looks at.
        limited = Below(tree, _ => true);
        limitedInMoney = Below(tree, limit => limit.Unit == BudgetUnit.Usd);
    }

    public BudgetTree Tree { get; }

    public PriceBook Prices { get; }

    /// <summary>What becomes of what has no price where money is limited.</summary>
    public UnpricedModels Unpriced { get; }

    /// <summary>Whether anybody has a limit.</summary>
    public bool AnyLimits => limited.Count > 0;

    /// <summary>Whether the node, or one above it, has a limit.</summary>
    public bool Limits(string node) => limited.Contains(node);

    /// <summary>Whether the node, or one above it, has a limit in dollars.</summary>
    public bool LimitsMoney(string node) => limitedInMoney.Contains(node);

    /// <summary>What each agent run of a tenant may use: its own limits, or those of the nearest above; null = no limit.</summary>
    public RunLimits? RunsOf(string name)
    {
        for (var tenant = tenants.GetValueOrDefault(name); tenant is not null; tenant = tenant.Parent is null ? null : tenants.GetValueOrDefault(tenant.Parent))
        {
            if (tenant.Runs is { } limits)
            {
                return limits;
            }
        }

        return null;
    }

    // Those with such a limit anywhere on their way to the top.
    private static FrozenSet<string> Below(BudgetTree tree, Func<BudgetLimit, bool> fits) =>
        tree.Nodes.Where(node => tree.PathOf(node.Name).Any(one => one.Limits.Any(fits))).Select(node => node.Name).ToFrozenSet(StringComparer.Ordinal);
}
