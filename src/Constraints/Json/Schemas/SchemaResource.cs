namespace Penstock.Constraints.Json.Schemas;

/// <summary>A schema with a URI of its own: a document, or a part of one that has an <c>$id</c>.</summary>
internal sealed class SchemaResource(Uri uri, Dialect dialect)
{
    public Uri Uri { get; } = uri;

    public Dialect Dialect { get; } = dialect;

    /// <summary>The resource's root.</summary>
    public SchemaPlace Root { get; set; } = null!;

    /// <summary>Places by plain name: <c>$anchor</c>, <c>$dynamicAnchor</c>, and an <c>$id</c> that is only a fragment.</summary>
    public Dictionary<string, SchemaPlace> Anchors { get; } = [];

    /// <summary>The places among <see cref="Anchors"/> that a <c>$dynamicRef</c> can be led to.</summary>
    public Dictionary<string, SchemaPlace> DynamicAnchors { get; } = [];
}
