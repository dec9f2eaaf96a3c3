namespace Penstock.Ledger.Administration;

/// <summary>All that is in force at one moment.</summary>
/// <param name="Version">Counts the changes; 0 = there was none yet.</param>
/// <param name="Items">By kind and name.</param>
public sealed record AdministeredState(long Version, IReadOnlyList<AdministeredItem> Items)
{
    /// <summary>Nothing was ever made.</summary>
    public static AdministeredState None { get; } = new(0, []);

    /// <summary>The item, or null.</summary>
    public AdministeredItem? Find(string kind, string name) => Items.FirstOrDefault(item => item.Kind == kind && item.Name == name);

    /// <summary>What would be in force after a change; the change's own revision is one more than this version.</summary>
    public AdministeredState With(AdministrationChange change, DateTimeOffset at) => new(Version + 1,
    [
        .. Items.Where(item => item.Kind != change.Kind || item.Name != change.Name),
        .. change.Document is { } document ? [new AdministeredItem(change.Kind, change.Name, document, Version + 1, at)] : Array.Empty<AdministeredItem>(),
    ]);
}
