namespace Penstock.Ledger.Administration;

/// <summary>A line of the log of changes. Lines are never changed.</summary>
/// <param name="Version">The version that the change made.</param>
/// <param name="At">When.</param>
/// <param name="Who">Who asked for it.</param>
/// <param name="What">What was done.</param>
/// <param name="Kind">To what.</param>
/// <param name="Name">To which.</param>
/// <param name="Document">Its definition from then on; null = it was removed.</param>
public sealed record AdministrationEntry(long Version, DateTimeOffset At, string Who, string What, string Kind, string Name, string? Document);
