using System.Collections.Immutable;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>
/// Where <c>$dynamicRef</c> leads by name: to the outermost of the resources that were entered on the way and have a dynamic anchor of that name. Few paths
/// differ in it, so a schema within its scope is still one of finitely many.
/// </summary>
internal sealed class DynamicScope
{
    private readonly ImmutableSortedDictionary<string, SchemaPlace> _anchors;
    private readonly Dictionary<string, DynamicScope> _all;

    private DynamicScope(ImmutableSortedDictionary<string, SchemaPlace> anchors, Dictionary<string, DynamicScope> all)
    {
        _anchors = anchors;
        _all = all;
        Id = anchors.IsEmpty ? 0 : all.Count + 1;
    }

    /// <summary>Tells scopes of one compilation apart.</summary>
    public int Id { get; }

    /// <summary>The scope before any resource is entered.</summary>
    public static DynamicScope NewEmpty() => new(ImmutableSortedDictionary.Create<string, SchemaPlace>(StringComparer.Ordinal), []);

    public SchemaPlace? Find(string anchor) => _anchors.GetValueOrDefault(anchor);

    /// <summary>The scope within a resource.</summary>
    public DynamicScope Enter(SchemaResource resource)
    {
        var anchors = _anchors;
        foreach (var (name, place) in resource.DynamicAnchors)
        {
            anchors = anchors.ContainsKey(name) ? anchors : anchors.Add(name, place);
        }

        if (ReferenceEquals(anchors, _anchors))
        {
            return this;
        }

        var key = string.Join('\n', anchors.Select(pair => $"{pair.Key} {pair.Value.Document.Id} {pair.Value.Pointer}"));
        if (!_all.TryGetValue(key, out var scope))
        {
            _all.Add(key, scope = new(anchors, _all));
        }

        return scope;
    }
}
