using Penstock.Gateway.Tenancy;
using Penstock.Ledger.Budgets;

namespace Penstock.Gateway.Configuration;

/// <summary>An entry of <c>tenants</c> in <c>penstock.yaml</c>: who it is, whose it is, what it may spend, and its keys.</summary>
internal static class TenantSection
{
    private const int MostCalls = 1_000_000;
    private const int MostDepth = 1000;
    private const double MostSeconds = 30 * 24 * 3600;
    private const double MostRampDays = 366;
    private const double Percent = 100;
    private const int Whole = 1000;

    /// <summary>What says who it is and what it may spend; in the file its <c>keys</c> and its <c>weight</c> stand beside.</summary>
    public static readonly string[] Fields = ["name", "parent", "limits", "ramp_up", "runs"];

    /// <summary>The tenant; null when it has no name.</summary>
    public static TenantOptions? Read(YamlNodeReader tenant) =>
        tenant.String("name") is { } name
            ? new TenantOptions(name) { Parent = tenant.String("parent"), Limits = LimitSection.Read(tenant), Ramp = Ramp(tenant), Runs = Runs(tenant) }
            : null;

    /// <summary>Its keys. Notes what the tenant may not have.</summary>
    public static IEnumerable<ApiKey> Keys(YamlNodeReader tenant)
    {
        tenant.Allow([.. Fields, "keys", "weight"], notYet: []);
        var name = tenant.RequiredString("name");
        foreach (var key in tenant.Items("keys"))
        {
            key.Allow(KeySection.Fields, notYet: []);
            if (KeySection.Read(key, name) is { } read)
            {
                yield return read;
            }
        }
    }

    private static BudgetRamp? Ramp(YamlNodeReader tenant)
    {
        if (tenant.Child("ramp_up") is not { } ramp)
        {
            return null;
        }

        ramp.Allow(["from", "days", "start_percent"], notYet: []);
        ramp.RequiredString("from");
        var days = ramp.Number("days", 0.01, MostRampDays) ?? 14;
        var share = (int)((ramp.Number("start_percent", 0.1, Percent) ?? 10) / Percent * Whole);
        return ramp.Moment("from") is { } from ? new BudgetRamp(from, TimeSpan.FromDays(days), share) : null;
    }

    private static RunLimits? Runs(YamlNodeReader tenant)
    {
        if (tenant.Child("runs") is not { } runs)
        {
            return null;
        }

        runs.Allow(["calls", "tokens", "depth", "wall_s", "share_percent"], notYet: []);
        return new RunLimits(
            runs.Whole("calls", 1, MostCalls),
            (long?)runs.Exact("tokens", 1, LimitSection.MostTokens),
            runs.Whole("depth", 1, MostDepth),
            runs.Number("wall_s", 0.001, MostSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            (int)((runs.Number("share_percent", 0, Percent - 1) ?? 0) / Percent * Whole));
    }
}
