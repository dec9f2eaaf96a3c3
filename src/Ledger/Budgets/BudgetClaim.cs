namespace Penstock.Ledger.Budgets;

/// <summary>What a request asks of a budget before it runs.</summary>
/// <param name="Id">Unique: the request's id. The claim is settled under it.</param>
/// <param name="Node">Who spends: the lowest node, normally a key.</param>
/// <param name="Worst">The most that it can spend.</param>
/// <param name="Continues">Whether it belongs to a run that was let in before, and may use what is kept for those.</param>
public sealed record BudgetClaim(string Id, string Node, Spend Worst, bool Continues = false);
