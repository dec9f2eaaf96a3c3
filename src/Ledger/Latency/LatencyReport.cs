namespace Penstock.Ledger.Latency;

/// <summary>How long clients waited, for the first token and between tokens, and why.</summary>
/// <param name="Total">All requests.</param>
/// <param name="ByClass">One a service class, the most urgent first; classes without requests are left out.</param>
/// <param name="ByTenant">One a tenant, the most requests first.</param>
/// <param name="ByModel">One a model, the most requests first.</param>
public sealed record LatencyReport(
    LatencySummary Total, IReadOnlyList<LatencySummary> ByClass, IReadOnlyList<LatencySummary> ByTenant, IReadOnlyList<LatencySummary> ByModel)
{
    /// <summary>Reads one moment of the ledger. Memory grows with the number of finished requests (16 bytes for each group that it is in), so that percentiles are exact.</summary>
    public static LatencyReport Read(LedgerReader reader)
    {
        var total = new LatencyTotals("");
        var classes = new SortedDictionary<int, LatencyTotals>();
        var tenants = new Dictionary<string, LatencyTotals>(StringComparer.Ordinal);
        var models = new Dictionary<string, LatencyTotals>(StringComparer.Ordinal);
        foreach (var record in reader.ReadAll())
        {
            total.Add(record);
            Group(classes, (int)record.Class, $"{record.Class}".ToLowerInvariant()).Add(record);
            Group(tenants, record.Tenant, record.Tenant).Add(record);
            Group(models, record.Model, record.Model).Add(record);
        }

        return new LatencyReport(total.ToSummary(), [.. classes.Values.Select(group => group.ToSummary())], Ranked(tenants.Values), Ranked(models.Values));
    }

    private static LatencyTotals Group<T>(IDictionary<T, LatencyTotals> groups, T key, string name)
    {
        if (!groups.TryGetValue(key, out var group))
        {
            groups[key] = group = new LatencyTotals(name);
        }

        return group;
    }

    private static IReadOnlyList<LatencySummary> Ranked(IEnumerable<LatencyTotals> groups) =>
        [.. groups.Select(group => group.ToSummary()).OrderByDescending(group => group.Requests).ThenBy(group => group.Name, StringComparer.Ordinal)];
}
