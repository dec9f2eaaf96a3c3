using Penstock.Ledger.Budgets;

namespace Penstock.Ledger.Postgres;

/// <summary>A node's usage in a window: which row of <c>budget_usage</c> it is.</summary>
internal readonly record struct BudgetKey(string Node, BudgetWindow Window, long Start);

/// <summary>What such a row says, or how much it changes.</summary>
/// <param name="Used">Settled.</param>
/// <param name="Held">Reserved.</param>
/// <param name="Running">Open reservations; only over <see cref="BudgetWindow.Now"/>.</param>
internal readonly record struct BudgetRow(Spend Used, Spend Held, long Running)
{
    public static BudgetRow operator +(BudgetRow one, BudgetRow other) => new(one.Used + other.Used, one.Held + other.Held, one.Running + other.Running);

    public static BudgetRow operator -(BudgetRow one, BudgetRow other) => new(one.Used - other.Used, one.Held - other.Held, one.Running - other.Running);
}
