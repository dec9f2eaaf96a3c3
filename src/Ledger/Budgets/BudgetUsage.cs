namespace Penstock.Ledger.Budgets;

/// <summary>How a limit stands.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Used">Settled in the current window; 0 for concurrency.</param>
/// <param name="Reserved">The worst case of what is under way and was let in in this window.</param>
/// <param name="Promised">Unused guarantees of the nodes below.</param>
public sealed record BudgetUsage(BudgetLimit Limit, long Used, long Reserved, long Promised);
