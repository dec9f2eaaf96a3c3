namespace Penstock.Ledger.Budgets;

/// <summary>Settings of a budget store.</summary>
public sealed class BudgetOptions
{
    /// <summary>A reservation that is not settled for so long was abandoned. Default one hour: longer than any answer is let run. More than zero.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromHours(1);
}
