using System.Globalization;
using Penstock.Contracts.Errors;
using Penstock.Ledger.Budgets;

namespace Penstock.Gateway.Tenancy;

/// <summary>What a client reads when a limit has no room for its request.</summary>
internal static class BudgetErrors
{
    /// <summary>For room that what is under way may give back at any moment.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private static readonly string[] Words = ["tokens", "requests", "US dollars", "requests at one time"];
    private static readonly string[] Units = ["tokens", "requests", "usd", "concurrency"];

    /// <summary>
    /// <c>rate_limited</c> where the wait is short by nature (a minute, an hour, something under way), <c>budget_exceeded</c> for money, days and months.
    /// </summary>
    public static PenstockError Of(BudgetRefusal refusal, DateTimeOffset now)
    {
        var wait = refusal.FreesSoon || refusal.Resets is null ? Soon : Longer(refusal.Resets.Value - now);
        var code = refusal.Unit == BudgetUnit.Usd || refusal.Window is BudgetWindow.Day or BudgetWindow.Month ? ErrorCode.BudgetExceeded : ErrorCode.RateLimited;
        var window = refusal.Window == BudgetWindow.Now ? "" : $" in the window {refusal.Window.Name()}";
        var kept = refusal.Kept > 0 ? $", {Text(refusal, refusal.Kept)} kept for others" : "";
        var remedy = refusal.NeverFits
            ? "It asks for more than the limit itself: ask for fewer output tokens (max_tokens, n), send a shorter prompt, or have the limit raised."
            : $"Try again in {Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture)} s.";
        return new PenstockError(
            code,
            $"'{refusal.Node}' may use {Text(refusal, refusal.Cap)} {Words[(int)refusal.Unit]}{window}: {Text(refusal, refusal.Used)} used, {Text(refusal, refusal.Reserved)} reserved for what is under way{kept}, and this request may need {Text(refusal, refusal.Asked)}. {remedy}",
            RetryAfter: wait,
            Budget: new BudgetDetail(
                refusal.Node,
                refusal.Window.Name(),
                Units[(int)refusal.Unit],
                Amount(refusal, refusal.Cap),
                Amount(refusal, refusal.Used),
                Amount(refusal, refusal.Reserved + refusal.Kept),
                Amount(refusal, refusal.Asked),
                refusal.Resets));
    }

    private static decimal Amount(BudgetRefusal refusal, long amount) => refusal.Unit == BudgetUnit.Usd ? amount / Spend.PicoPerUsd : amount;

    private static string Text(BudgetRefusal refusal, long amount) => Amount(refusal, amount).ToString("0.############", CultureInfo.InvariantCulture);

    private static TimeSpan Longer(TimeSpan wait) => wait > Soon ? wait : Soon;
}
