namespace Penstock.Ledger.Budgets;

/// <summary>What a limit counts.</summary>
public enum BudgetUnit
{
    /// <summary>Tokens: of the prompt, as far as it was read, and all that were sampled.</summary>
    Tokens,

    /// <summary>Requests that a target took.</summary>
    Requests,

    /// <summary>Money, in whole units of 10^-12 US dollars.</summary>
    Usd,

    /// <summary>Requests under way at one time; always over <see cref="BudgetWindow.Now"/>.</summary>
    Concurrency,
}
