using System.Runtime.InteropServices;
using System.Text.Json;
using Penstock.Constraints.Json.Formulas;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>Finds the schemas that references name: in the document, in those bundled with it, and in those that the caller gave. Never fetches.</summary>
internal sealed class SchemaIndex
{
    // What relative references in a document without a URI are relative to.
    private static readonly Uri Nowhere = new("schema://document/");

    private readonly Dictionary<string, SchemaResource> resources = [];
    private readonly IReadOnlyDictionary<string, JsonElement> others;
    private int documents;

    public SchemaIndex(JsonElement root, IReadOnlyDictionary<string, JsonElement> others)
    {
        this.others = others;
        Root = Add(root, Nowhere, "#");
    }

    /// <summary>The schema that is compiled.</summary>
    public SchemaPlace Root { get; }

    /// <summary>The schema that a reference names.</summary>
    /// <exception cref="SchemaRefusedException">There is none.</exception>
    public SchemaPlace Resolve(SchemaPlace from, string keyword, string reference)
    {
        var mark = reference.IndexOf('#');
        var fragment = mark < 0 ? "" : Unescape(reference[(mark + 1)..]);
        var resource = ResourceOf(from, mark < 0 ? reference : reference[..mark])
            ?? throw new SchemaRefusedException($"The reference '{reference}' leads to a document that is not part of the schema, and none is ever fetched. Put it under $defs with its $id.", from.At(keyword));
        var place = fragment.Length == 0 ? resource.Root
            : fragment[0] == '/' ? ByPointer(resource, fragment)
            : resource.Anchors.GetValueOrDefault(fragment) ?? ByLegacyId(resource.Root, fragment);
        return place ?? throw new SchemaRefusedException($"The reference '{reference}' leads nowhere.", from.At(keyword));
    }

    private SchemaResource? ResourceOf(SchemaPlace from, string uri)
    {
        if (uri.Length == 0)
        {
            return from.Resource;
        }

        if (!Uri.TryCreate(from.Resource.Uri, uri, out var target))
        {
            return null;
        }

        var key = KeyOf(target);
        if (resources.TryGetValue(key, out var resource))
        {
            return resource;
        }

        return others.TryGetValue(key, out var other) ? Add(other, target, key + "#").Document.ResourceAt("") : null;
    }

    private static SchemaPlace? ByPointer(SchemaResource resource, string pointer)
    {
        var place = resource.Root;
        foreach (var token in pointer[1..].Split('/'))
        {
            var name = token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (place.Element.ValueKind == JsonValueKind.Object && place.Element.TryGetProperty(name, out var member))
            {
                place = place.Child(SchemaPlace.Token(name), member);
            }
            else if (place.Element.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index) && index >= 0 && index < place.Element.GetArrayLength())
            {
                place = place.Child($"/{index}", place.Element[index]);
            }
            else
            {
                return null;
            }
        }

        return place;
    }

    /// <summary>Schemas without <c>$schema</c> may still name their parts by draft-04's <c>id</c>.</summary>
    private static SchemaPlace? ByLegacyId(SchemaPlace root, string name)
    {
        foreach (var place in SchemaWalk.From(root))
        {
            if (SchemaWalk.Text(place.Element, "id") is { } id && id.Length == name.Length + 1 && id[0] == '#' && id.EndsWith(name, StringComparison.Ordinal))
            {
                return place;
            }
        }

        return null;
    }

    private SchemaPlace Add(JsonElement element, Uri uri, string prefix)
    {
        var document = new SchemaDocument(documents++, element, prefix);
        var dialect = SchemaWalk.Text(element, "$schema") is { } schema ? Dialects.Of(schema, Dialect.Draft202012) : Dialect.Draft202012;
        var root = new SchemaResource(uri, dialect);
        root.Root = new(document, root, "", element);
        document.Add("", root);
        if (HasIdentifiers(element))
        {
            Scan(root.Root);
        }

        // A document is also found where it was asked for, whatever it calls itself.
        var own = document.ResourceAt("")!;
        resources[KeyOf(uri)] = own;
        return own.Root;
    }

    private static bool HasIdentifiers(JsonElement element)
    {
        var text = JsonMarshal.GetRawUtf8Value(element);
        return text.IndexOf("\"$id\""u8) >= 0 || text.IndexOf("nchor\""u8) >= 0 || text.IndexOf("\"id\""u8) >= 0 || text.IndexOf("\\u"u8) >= 0;
    }

    private void Scan(SchemaPlace root)
    {
        foreach (var place in SchemaWalk.From(root, Enter))
        {
            var (resource, element) = (place.Resource, place.Element);
            foreach (var keyword in (string[])["$anchor", "$dynamicAnchor"])
            {
                if (SchemaWalk.Text(element, keyword) is { } name)
                {
                    resource.Anchors[name] = place;
                }
            }

            if (SchemaWalk.Text(element, "$dynamicAnchor") is { } dynamic)
            {
                resource.DynamicAnchors[dynamic] = place;
            }

            // Draft 2019-09 has one dynamic anchor, without a name: the resource's root.
            if (element.TryGetProperty("$recursiveAnchor", out var recursive) && recursive.ValueKind == JsonValueKind.True)
            {
                resource.DynamicAnchors[""] = place;
            }
        }
    }

    /// <summary>Begins a resource where a schema has a URI of its own.</summary>
    private SchemaPlace Enter(SchemaPlace place)
    {
        var dialect = SchemaWalk.Text(place.Element, "$schema") is { } schema ? Dialects.Of(schema, place.Resource.Dialect) : place.Resource.Dialect;
        // Within a document the surrounding dialect says what an identifier is.
        var id = SchemaWalk.Text(place.Element, (place.Pointer.Length == 0 ? dialect : place.Resource.Dialect) == Dialect.Draft04 ? "id" : "$id");
        if (id is null || (dialect <= Dialect.Draft07 && place.Element.TryGetProperty("$ref", out _)))
        {
            return place;
        }

        if (id.StartsWith('#'))
        {
            place.Resource.Anchors.TryAdd(id[1..], place);
            return place;
        }

        if (!Uri.TryCreate(place.Resource.Uri, id, out var uri))
        {
            return place;
        }

        var resource = new SchemaResource(uri, dialect);
        var root = place with { Resource = resource };
        resource.Root = root;
        place.Document.Add(place.Pointer, resource);
        resources.TryAdd(KeyOf(uri), resource);
        return root;
    }

    private static string KeyOf(Uri uri) => uri.IsAbsoluteUri ? uri.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.Fragment, UriFormat.UriEscaped) : uri.OriginalString;

    private static string Unescape(string fragment) => fragment.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(fragment) : fragment;
}
