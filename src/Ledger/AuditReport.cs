namespace Penstock.Ledger;

/// <summary>What an audit found.</summary>
public sealed record AuditReport
{
    /// <summary>All records: finished, interrupted and running together.</summary>
    public required long Records { get; init; }

    public required long Finished { get; init; }

    /// <summary>Records of processes that died.</summary>
    public required long Interrupted { get; init; }

    /// <summary>Requests under way in a server that is alive now; 0 when none is.</summary>
    public required long Running { get; init; }

    /// <summary>Violations in the order in which they were found; at most <see cref="LedgerAudit.MostListed"/>.</summary>
    public required IReadOnlyList<LawViolation> Violations { get; init; }

    /// <summary>All violations, also those beyond the list.</summary>
    public required long ViolationCount { get; init; }
}
