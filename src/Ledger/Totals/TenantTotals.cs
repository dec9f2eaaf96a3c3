using Penstock.Contracts.Records;
using Penstock.Ledger.Storage;

namespace Penstock.Ledger.Totals;

/// <summary>The law that a tenant's total is the sum of its requests: the database's own sums, on which reports stand, against sums over the records as read.</summary>
internal sealed class TenantTotals
{
    private const string LawName = "tenant_total_adds_up";

    private readonly Dictionary<string, Totals> byTenant = new(StringComparer.Ordinal);

    private sealed record Totals(long Requests, long Prompt, long Sampled, long WallTicks, long? PicoUsd);

    public void Add(RequestRecord record)
    {
        var before = byTenant.GetValueOrDefault(record.Tenant) ?? new Totals(0, 0, 0, 0, null);
        long? cost = record.CostUsd is { } usd ? (long)(usd * RecordColumns.PicoUsd) : null;
        byTenant[record.Tenant] = new Totals(
            before.Requests + 1,
            before.Prompt + record.Tokens.Prompt,
            before.Sampled + record.Tokens.Sampled,
            before.WallTicks + record.WallTime.Ticks,
            cost is null ? before.PicoUsd : (before.PicoUsd ?? 0) + cost);
    }

    public IReadOnlyList<LawViolation> Compare(LedgerReader reader)
    {
        var violations = new List<LawViolation>();
        var stored = Query(reader);
        foreach (var tenant in byTenant.Keys.Union(stored.Keys, StringComparer.Ordinal))
        {
            var records = byTenant.GetValueOrDefault(tenant);
            var total = stored.GetValueOrDefault(tenant);
            if (records != total)
            {
                violations.Add(new LawViolation(LawName, null, $"tenant {tenant}: records give {records}, the total says {total}"));
            }
        }

        return violations;
    }

    private static Dictionary<string, Totals> Query(LedgerReader reader)
    {
        using var command = reader.Command(reader.Source.TenantSums);
        using var rows = reader.Execute(command);
        var totals = new Dictionary<string, Totals>(StringComparer.Ordinal);
        while (reader.Advance(rows))
        {
            totals[rows.IsDBNull(0) ? "" : rows.GetString(0)] =
                new Totals(rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4), rows.IsDBNull(5) ? null : rows.GetInt64(5));
        }

        return totals;
    }
}
