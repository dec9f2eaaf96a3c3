namespace Penstock.Ledger.Budgets;

/// <summary>A claim that was granted and is not settled.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="Node">Who spends.</param>
/// <param name="Worst">What was reserved.</param>
/// <param name="At">When, in UTC ticks; says which windows it belongs to.</param>
public sealed record OpenReservation(string Id, string Node, Spend Worst, long At);
