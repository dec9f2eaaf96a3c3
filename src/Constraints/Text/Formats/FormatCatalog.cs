using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Text.Formats;

/// <summary>The formats of JSON Schema whose texts are known.</summary>
internal static class FormatCatalog
{
    public static bool IsKnown(string name) => name.Length == 0;

    public static Node? Find(NodePool pool, string name) => IsKnown(name) ? pool.Empty : null;
}
