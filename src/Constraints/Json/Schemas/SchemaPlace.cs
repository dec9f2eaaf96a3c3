using System.Text.Json;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>A schema within a document.</summary>
/// <param name="Document">The document.</param>
/// <param name="Resource">What its references are relative to.</param>
/// <param name="Pointer">JSON pointer from the document's root.</param>
/// <param name="Element">The schema.</param>
internal sealed record SchemaPlace(SchemaDocument Document, SchemaResource Resource, string Pointer, JsonElement Element)
{
    /// <summary>A part of this schema.</summary>
    public SchemaPlace Child(string pointer, JsonElement element)
    {
        var full = string.Concat(Pointer, pointer);
        return new(Document, Document.ResourceAt(full) ?? Resource, full, element);
    }

    /// <summary>A name as a token of a JSON pointer, with its slash.</summary>
    public static string Token(string name) =>
        name.AsSpan().ContainsAny('~', '/') ? $"/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}" : $"/{name}";

    /// <summary>A keyword within this schema, as pointers in errors and reports are written.</summary>
    public string At(string keyword) => $"{Document.Prefix}{Pointer}/{keyword}";

    /// <summary>This schema, as pointers in errors and reports are written.</summary>
    public override string ToString() => $"{Document.Prefix}{Pointer}";
}
