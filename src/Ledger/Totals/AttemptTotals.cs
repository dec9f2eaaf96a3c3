using Penstock.Contracts.Records;
using Penstock.Ledger.Storage;

namespace Penstock.Ledger.Totals;

/// <summary>The law that what a request was charged is the sum of what its attempts read, produced and cost. Attempts of older ledgers say nothing of that and are left out.</summary>
internal static class AttemptTotals
{
    private const string LawName = "attempts_add_up";

    /// <summary>What attempts cost together; null where no price of any is known.</summary>
    public static decimal? Cost(IReadOnlyList<AttemptRecord> attempts)
    {
        decimal? sum = null;
        foreach (var attempt in attempts)
        {
            sum = attempt.CostUsd is { } usd ? (sum ?? 0) + usd : sum;
        }

        return sum;
    }

    public static IReadOnlyList<LawViolation> Check(LedgerReader reader)
    {
        if (reader.Source.Version < LedgerSchema.AttemptCosts)
        {
            return [];
        }

        using var command = reader.Command("""
            SELECT r.request_id, r.cached + r.prefilled + r.sampled + r.extra_tokens, CAST(sum(a.prompt + a.produced) AS BIGINT), r.cost_picousd, CAST(sum(a.cost_picousd) AS BIGINT)
            FROM attempt a JOIN request r ON r.request_id = a.request_id
            GROUP BY r.request_id, r.cached, r.prefilled, r.sampled, r.extra_tokens, r.cost_picousd
            HAVING count(a.prompt) = count(*)
                AND (r.cached + r.prefilled + r.sampled + r.extra_tokens <> sum(a.prompt + a.produced) OR coalesce(r.cost_picousd, -1) <> coalesce(sum(a.cost_picousd), -1))
            """);
        using var rows = reader.Execute(command);
        var violations = new List<LawViolation>();
        while (reader.Advance(rows))
        {
            violations.Add(new LawViolation(
                LawName, rows.GetString(0), $"spent {rows.GetInt64(1)} tokens and {Money(3)}, its attempts {rows.GetInt64(2)} and {Money(4)}"));
        }

        return violations;

        string Money(int column) => rows.IsDBNull(column) ? "no price" : $"{rows.GetInt64(column)} pUSD";
    }
}
