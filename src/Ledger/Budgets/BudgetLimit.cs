namespace Penstock.Ledger.Budgets;

/// <summary>
/// What a node may use in a window. Cap, guarantee and borrowing are those of hierarchical token buckets (ceil, assured rate, borrow;
/// M. Devera, "HTB Linux queuing discipline manual", 2002), counted instead of paced.
/// </summary>
/// <param name="Window">Over what it counts.</param>
/// <param name="Unit">What it counts; <paramref name="Cap"/> and <paramref name="Guarantee"/> are whole numbers of it.</param>
/// <param name="Cap">Never more than this, reservations included; null = what the nodes above allow.</param>
/// <param name="Guarantee">
/// So much of the nearest cap above (same window, same unit) is kept for this node: no sibling can use it up. 0 = nothing. What is used beyond it is borrowed from what
/// nobody was promised; a node that may not borrow has its guarantee as its cap.
/// </param>
public sealed record BudgetLimit(BudgetWindow Window, BudgetUnit Unit, long? Cap, long Guarantee = 0);
