using Penstock.Contracts.Records;

namespace Penstock.Ledger;

/// <summary>A record and its place in the ledger.</summary>
/// <param name="Sequence">Counts up in the order of admission; never used twice.</param>
/// <param name="Record">The record. Running requests of a process that is dead read as interrupted.</param>
public sealed record LedgerEntry(long Sequence, RequestRecord Record);
