namespace Penstock.Ledger.Budgets;

/// <summary>
/// What a limit counts over. Windows are fixed and begin on the clock, in UTC: at the full minute or hour, at midnight, on the first of the month.
/// A request belongs to the windows in which it was let in, however long it runs.
/// </summary>
public enum BudgetWindow
{
    /// <summary>What is under way; only for <see cref="BudgetUnit.Concurrency"/>.</summary>
    Now,
    Minute,
    Hour,
    Day,
    Month,
}
