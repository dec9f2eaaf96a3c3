using System.Text.Json;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>One JSON text with schemas in it.</summary>
/// <param name="Id">Tells documents apart.</param>
/// <param name="Root">The text.</param>
/// <param name="Prefix">What pointers into it begin with: <c>#</c> in the schema that is compiled, else the document's URI and <c>#</c>.</param>
internal sealed record SchemaDocument(int Id, JsonElement Root, string Prefix)
{
    private readonly Dictionary<string, SchemaResource> resources = [];

    /// <summary>The resource whose root is at a pointer, or null.</summary>
    public SchemaResource? ResourceAt(string pointer) => resources.Count > 1 || pointer.Length == 0 ? resources.GetValueOrDefault(pointer) : null;

    public void Add(string pointer, SchemaResource resource) => resources[pointer] = resource;
}
