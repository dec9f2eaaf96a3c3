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

    /// <summary>The tenant; null when it has no name.</summary>
    public static TenantOptions? Read(YamlNodeReader tenant) =>
        tenant.String("name") is { } name
            ? new TenantOptions(name) { Parent = tenant.String("parent"), Limits = LimitSection.Read(tenant), Ramp = Ramp(tenant), Runs = Runs(tenant) }
            : null;

    /// <summary>Its keys. Notes what the tenant may not have.</summary>
    public static IEnumerable<ApiKey> Keys(YamlNodeReader tenant)
    {
        tenant.Allow(["name", "keys", "weight", "parent", "limits", "ramp_up", "runs"], notYet: []);
        var name = tenant.RequiredString("name");
        foreach (var key in tenant.Items("keys"))
        {
            key.Allow(["id", "sha256", "operator", "expires", "models", "surfaces", "limits"], notYet: []);
            var id = key.RequiredString("id");
            var digest = ApiKeyDigest.Parse(key.RequiredString("sha256"), key.PathOf("sha256"), key.Faults);
            var isOperator = key.Flag("operator");
            var (expires, models, surfaces, limits) = (key.Moment("expires"), new KeyScope([.. key.Strings("models")]), SurfacesOf(key), LimitSection.Read(key));
            if (name is not null && id is not null && digest is not null)
            {
                yield return new ApiKey(id, name, digest, isOperator) { Expires = expires, Models = models, Surfaces = surfaces, Limits = limits };
            }
        }
    }

    private static KeyScope SurfacesOf(YamlNodeReader key)
    {
        string[] given = [.. key.Strings("surfaces")];
        foreach (var unknown in given.Except(Surfaces.Names))
        {
            key.Faults.Add(new(key.PathOf("surfaces"), unknown, $"surfaces are {string.Join(", ", Surfaces.Names)}", "Leave it out to allow all."));
        }

        return new KeyScope(given);
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
