namespace Penstock.Engine.Running;

/// <summary>Adapter types by the names that people write.</summary>
public static class AdapterTypeNames
{
    private static readonly string[] Names = ["auto", "file", "q8_0"];

    public static IReadOnlyList<string> All => Names;

    /// <summary>The type of this name, or null.</summary>
    public static AdapterType? Find(string name) => Array.IndexOf(Names, name) is var index and >= 0 ? (AdapterType)index : null;

    public static string Name(this AdapterType type) => Names[(int)type];
}
