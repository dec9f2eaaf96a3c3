namespace Penstock.Ledger.Budgets;

/// <summary>Why a claim was not granted: the limit that has no room for it. Where several have none, the one that has it last.</summary>
/// <param name="Node">The node whose limit it is.</param>
/// <param name="Window">Over what it counts.</param>
/// <param name="Unit">What it counts; the amounts are in it.</param>
/// <param name="Cap">The limit at this moment.</param>
/// <param name="Used">Settled in this window.</param>
/// <param name="Reserved">The worst case of what is under way.</param>
/// <param name="Kept">Promised to other nodes, or kept for runs that were let in.</param>
/// <param name="Asked">What the claim asked for.</param>
/// <param name="Resets">When the window ends; null where it has no end.</param>
public sealed record BudgetRefusal(
    string Node, BudgetWindow Window, BudgetUnit Unit, long Cap, long Used, long Reserved, long Kept, long Asked, DateTimeOffset? Resets)
{
    /// <summary>The claim is larger than the limit: no waiting helps.</summary>
    public bool NeverFits => Asked + Kept > Cap;

    /// <summary>There is room once what is under way has ended with less than its worst case.</summary>
    public bool FreesSoon => Used + Kept + Asked <= Cap;
}
