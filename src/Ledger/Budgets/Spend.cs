namespace Penstock.Ledger.Budgets;

/// <summary>What a request spends, or may spend at worst.</summary>
/// <param name="Requests">1, or 0 for one that no target took.</param>
/// <param name="Tokens">Tokens of prompt and output.</param>
/// <param name="PicoUsd">Money in units of 10^-12 US dollars; 0 where no price is known.</param>
public readonly record struct Spend(long Requests, long Tokens, long PicoUsd)
{
    /// <summary>Units of money in a dollar.</summary>
    public const decimal PicoPerUsd = 1_000_000_000_000m;

    /// <summary>The most that a sum of money can be here: about nine million dollars.</summary>
    public const decimal MostUsd = 9_000_000m;

    /// <summary>Money in whole units, rounded up; no price is no money, and beyond <see cref="MostUsd"/> it stays there.</summary>
    public static long Pico(decimal? usd) => (long)decimal.Ceiling(decimal.Min(usd ?? 0, MostUsd) * PicoPerUsd);

    public static Spend operator +(Spend one, Spend other) => new(one.Requests + other.Requests, one.Tokens + other.Tokens, one.PicoUsd + other.PicoUsd);

    public static Spend operator -(Spend one, Spend other) => new(one.Requests - other.Requests, one.Tokens - other.Tokens, one.PicoUsd - other.PicoUsd);

    /// <summary>How much of a unit this is. Whatever runs is one of <see cref="BudgetUnit.Concurrency"/>.</summary>
    public long Of(BudgetUnit unit) => unit switch
    {
        BudgetUnit.Tokens => Tokens,
        BudgetUnit.Requests => Requests,
        BudgetUnit.Usd => PicoUsd,
        _ => 1,
    };
}
