using Penstock.Contracts.Records;
using Penstock.Ledger.Totals;

namespace Penstock.Ledger;

/// <summary>
/// Proves the laws over a whole ledger: each record by itself (<see cref="LedgerLaws"/>), the tenants' totals that reports query
/// against the sum of their records, what requests were charged against the sum of their attempts, and the file's structure. Streams: memory does not grow with the ledger.
/// </summary>
public static class LedgerAudit
{
    /// <summary>Most violations that a report lists; beyond that they are only counted.</summary>
    public const int MostListed = 10_000;

    /// <summary>Audits one moment of the ledger; a server may go on writing meanwhile.</summary>
    /// <exception cref="LedgerException">The file cannot be read to its end.</exception>
    public static AuditReport Run(LedgerReader reader, CancellationToken cancellationToken = default)
    {
        var counts = new Dictionary<RecordState, long>();
        var tenants = new TenantTotals();
        var violations = new List<LawViolation>();
        long found = 0;
        using var moment = reader.Source.Freeze();
        foreach (var record in reader.ReadAll(moment))
        {
            cancellationToken.ThrowIfCancellationRequested();
            counts[record.State] = counts.GetValueOrDefault(record.State) + 1;
            tenants.Add(record);
            Note(LedgerLaws.Check(record));
        }

        Note(tenants.Compare(reader));
        Note(AttemptTotals.Check(reader));
        Note(reader.Source.CheckStructure());
        return new AuditReport
        {
            Records = counts.Values.Sum(),
            Finished = counts.GetValueOrDefault(RecordState.Finished),
            Interrupted = counts.GetValueOrDefault(RecordState.Interrupted),
            Running = counts.GetValueOrDefault(RecordState.Admitted),
            Violations = violations,
            ViolationCount = found,
        };

        void Note(IReadOnlyList<LawViolation> more)
        {
            found += more.Count;
            violations.AddRange(more.Take(MostListed - violations.Count));
        }
    }
}
