namespace Penstock.Ledger.Administration;

/// <summary>A change of one item.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Which.</param>
/// <param name="Document">Its definition from now on; null removes it.</param>
/// <param name="Who">Who asked for it, for the log.</param>
/// <param name="What">What was done, in words, for the log.</param>
public sealed record AdministrationChange(string Kind, string Name, string? Document, string Who, string What);
