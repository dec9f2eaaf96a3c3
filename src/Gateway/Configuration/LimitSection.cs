using Penstock.Ledger.Budgets;

namespace Penstock.Gateway.Configuration;

/// <summary>
/// <c>limits</c> of a tenant or key: <c>{ window: 1m, tokens: 100000, requests: 60, usd: 5 }</c>, <c>{ concurrency: 8 }</c>, each with
/// <c>guarantee: { tokens: 20000 }</c> and <c>borrow: false</c> where wanted.
/// </summary>
internal static class LimitSection
{
    public const decimal MostTokens = 1_000_000_000_000_000m;
    private const decimal MostRequests = 1_000_000_000_000m;
    private const decimal MostConcurrency = 1_000_000m;

    private static readonly (string Key, BudgetUnit Unit, decimal Most, decimal Scale)[] Units =
    [
        ("tokens", BudgetUnit.Tokens, MostTokens, 1),
        ("requests", BudgetUnit.Requests, MostRequests, 1),
        ("usd", BudgetUnit.Usd, Spend.MostUsd, Spend.PicoPerUsd),
        ("concurrency", BudgetUnit.Concurrency, MostConcurrency, 1),
    ];

    private static readonly string[] Keys = [.. Units.Select(unit => unit.Key)];

    public static IReadOnlyList<BudgetLimit> Read(YamlNodeReader owner) => [.. owner.Items("limits").SelectMany(Limits)];

    private static IEnumerable<BudgetLimit> Limits(YamlNodeReader limit)
    {
        limit.Allow(["window", .. Keys, "guarantee", "borrow"], notYet: []);
        var guarantee = limit.Child("guarantee");
        guarantee?.Allow(Keys, notYet: []);
        var borrows = limit.Switch("borrow") ?? true;
        var window = Window(limit);
        var any = false;
        foreach (var (key, unit, most, scale) in Units)
        {
            var cap = Amount(limit, key, most, scale);
            var promised = guarantee is null ? null : Amount(guarantee, key, most, scale);
            any |= limit.Child(key) is not null || guarantee?.Child(key) is not null;
            if (cap is null && promised is null)
            {
                continue;
            }

            if (unit != BudgetUnit.Concurrency && window is null or BudgetWindow.Now)
            {
                limit.Faults.Add(new(limit.PathOf("window"), "missing", $"{key} are counted in a window: {Windows}", "Add one."));
                continue;
            }

            yield return new BudgetLimit(unit == BudgetUnit.Concurrency ? BudgetWindow.Now : window!.Value, unit, borrows ? cap : promised ?? 0, promised ?? 0);
        }

        if (!borrows && guarantee is null)
        {
            limit.Faults.Add(new(limit.PathOf("borrow"), "false", "a node that may not borrow has what it is guaranteed", "Add guarantee, or remove borrow."));
        }

        if (!any)
        {
            limit.Faults.Add(new(limit.PathOf("tokens"), "missing", $"a limit has one or more of {string.Join(", ", Keys)}", "Add one, or remove the limit."));
        }
    }

    private static string Windows => string.Join(", ", BudgetWindows.Timed.Select(window => window.Name()));

    private static long? Amount(YamlNodeReader node, string key, decimal most, decimal scale)
    {
        var amount = node.Exact(key, 0, most);
        if (scale == 1 && amount is { } given && given != decimal.Truncate(given))
        {
            node.Faults.Add(new(node.PathOf(key), $"{given}", "a whole number is needed", "Round it."));
        }

        return (long?)(amount * scale);
    }

    private static BudgetWindow? Window(YamlNodeReader limit)
    {
        if (limit.String("window") is not { } name)
        {
            return null;
        }

        var window = BudgetWindows.Find(name);
        if (window is null)
        {
            limit.Faults.Add(new(limit.PathOf("window"), name, $"a window is one of {Windows}", "Windows are fixed and begin on the clock, in UTC."));
        }

        return window;
    }
}
