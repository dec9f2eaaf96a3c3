namespace Penstock.Ledger.Budgets;

/// <summary>Somebody who spends: an organization, a team, a key. What a node spends counts for every node above it.</summary>
/// <param name="Name">Unique in the tree; refusals name it. Usage is stored under the names of those that reserve, so a renamed key begins anew.</param>
/// <param name="Parent">The node above, or null at the top.</param>
/// <param name="Limits">At most one for each pair of window and unit.</param>
public sealed record BudgetNode(string Name, string? Parent, IReadOnlyList<BudgetLimit> Limits)
{
    /// <summary>How the caps grow while the node is new; null = they are whole.</summary>
    public BudgetRamp? Ramp { get; init; }

    /// <summary>This share of each windowed cap, in thousandths, is only for claims that continue a run (<see cref="BudgetClaim.Continues"/>). Default 0.</summary>
    public int RunShare { get; init; }
}
