using Penstock.Ledger.Budgets;

namespace Penstock.Gateway.Tenancy;

/// <summary>A node of the tree of tenants: an organization or a team. Its keys are the leaves below it.</summary>
/// <param name="Name">Unique among tenants; records and refusals name it.</param>
public sealed record TenantOptions(string Name)
{
    /// <summary>The tenant above; null = at the top.</summary>
    public string? Parent { get; init; }

    /// <summary>What it may spend, all below it included. Empty = what those above may.</summary>
    public IReadOnlyList<BudgetLimit> Limits { get; init; } = [];

    /// <summary>How its limits grow while it is new; null = they are whole.</summary>
    public BudgetRamp? Ramp { get; init; }

    /// <summary>What each agent run of its keys may use; null = as much as the limits allow.</summary>
    public RunLimits? Runs { get; init; }
}
