using Penstock.Ledger.Totals;

namespace Penstock.Ledger;

/// <summary>A whole ledger in a few numbers.</summary>
/// <param name="Total">All requests.</param>
/// <param name="ByModel">One a model, the most requests first.</param>
/// <param name="ByTenant">One a tenant, the most requests first.</param>
public sealed record LedgerSummary(UsageSummary Total, IReadOnlyList<UsageSummary> ByModel, IReadOnlyList<UsageSummary> ByTenant)
{
    /// <summary>Reads one moment of the ledger. Memory grows with the number of first tokens (8 bytes each), so that percentiles are exact.</summary>
    public static LedgerSummary Read(LedgerReader reader)
    {
        var total = new UsageTotals("");
        var models = new Dictionary<string, UsageTotals>(StringComparer.Ordinal);
        var tenants = new Dictionary<string, UsageTotals>(StringComparer.Ordinal);
        foreach (var record in reader.ReadAll())
        {
            total.Add(record);
            Group(models, record.Model).Add(record);
            Group(tenants, record.Tenant).Add(record);
        }

        return new LedgerSummary(total.ToSummary(), Ranked(models), Ranked(tenants));
    }

    private static UsageTotals Group(Dictionary<string, UsageTotals> groups, string name)
    {
        if (!groups.TryGetValue(name, out var group))
        {
            groups[name] = group = new UsageTotals(name);
        }

        return group;
    }

    private static IReadOnlyList<UsageSummary> Ranked(Dictionary<string, UsageTotals> groups) =>
        [.. groups.Values.Select(group => group.ToSummary()).OrderByDescending(group => group.Requests).ThenBy(group => group.Name, StringComparer.Ordinal)];
}
