namespace Penstock.Ledger.Administration;

/// <summary>Something that was made through the administration's API and is in force.</summary>
/// <param name="Kind">What it is; the gateway's own word.</param>
/// <param name="Name">Unique among those of its kind.</param>
/// <param name="Document">Its definition as JSON; the gateway's own form. Never a secret.</param>
/// <param name="Revision">The version of the administration that it was last changed in.</param>
/// <param name="ChangedAt">When that was.</param>
public sealed record AdministeredItem(string Kind, string Name, string Document, long Revision, DateTimeOffset ChangedAt);
