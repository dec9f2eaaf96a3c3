namespace Penstock.Ledger;

/// <summary>A law that a record, or the ledger as a whole, does not keep.</summary>
/// <param name="Law">The law's stable name; see <c>docs/ledger.md</c>.</param>
/// <param name="RequestId">The record; null for a law over many records.</param>
/// <param name="Detail">The numbers that do not fit together.</param>
public sealed record LawViolation(string Law, string? RequestId, string Detail);
