using System.Collections.Immutable;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>
/// Where <c>$dynamicRef</c> leads by name: to the outermost of the resources that were entered on the way and have a dynamic anchor of that name. Few paths
/// differ in it, so a schema within its scope is still one of finitely many.
/// </summary>
internal sealed class DynamicScope
{
    private readonly ImmutableSortedDictionary<string, SchemaPlace> anchors;
    private readonly Dictionary<string, DynamicScope> all;

    private DynamicScope(ImmutableSortedDictionary<string, SchemaPlace> anchors, Dictionary<string, DynamicScope> all)
    {
        this.anchors = anchors;
        this.all = all;
        Id = anchors.IsEmpty ? 0 : all.Count + 1;
    }

    /// <summary>Tells scopes of one compilation apart.</summary>
    public int Id { get; }

    /// <summary>The scope before any resource is entered.</summary>
    public static DynamicScope NewEmpty() => new(ImmutableSortedDictionary.Create<string, SchemaPlace>(StringComparer.Ordinal), []);

    public SchemaPlace? Find(string anchor) => anchors.GetValueOrDefault(anchor);

    /// <summary>The scope within a resource.</summary>
    public DynamicScope Enter(SchemaResource resource)
    {
        var inner = anchors;
        foreach (var (name, place) in resource.DynamicAnchors)
        {
            inner = inner.ContainsKey(name) ? inner : inner.Add(name, place);
        }

        if (ReferenceEquals(inner, anchors))
        {
            return this;
        }

        var key = string.Join('\n', inner.Select(pair => $"{pair.Key} {pair.Value.Document.Id} {pair.Value.Pointer}"));
        if (!all.TryGetValue(key, out var scope))
        {
            all.Add(key, scope = new(inner, all));
        }

        return scope;
    }
}
