using System.Text.Json;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>Visits every place of a document where the drafts put a schema.</summary>
internal static class SchemaWalk
{
    private static readonly HashSet<string> One =
    [
        "additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
    ];

    private static readonly HashSet<string> List = ["allOf", "anyOf", "items", "oneOf", "prefixItems", "extends"];

    private static readonly HashSet<string> Map = ["$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"];

    /// <summary>A member that is a text; null where it is not there or something else.</summary>
    public static string? Text(JsonElement schema, string keyword) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(keyword, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A schema and all within it, each before its parts. Without recursion: nesting is bounded elsewhere.</summary>
    /// <param name="root">Where to begin.</param>
    /// <param name="enter">Called for each place; what it gives is what the parts are within.</param>
    public static IEnumerable<SchemaPlace> From(SchemaPlace root, Func<SchemaPlace, SchemaPlace>? enter = null)
    {
        var open = new Stack<SchemaPlace>([root]);
        while (open.TryPop(out var place))
        {
            if (place.Element.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            place = enter is null ? place : enter(place);
            yield return place;
            foreach (var member in place.Element.EnumerateObject())
            {
                var (name, value) = (member.Name, member.Value);
                if (value.ValueKind == JsonValueKind.Object && One.Contains(name))
                {
                    open.Push(place.Child(SchemaPlace.Token(name), value));
                }
                else if (value.ValueKind == JsonValueKind.Object && Map.Contains(name))
                {
                    foreach (var part in value.EnumerateObject())
                    {
                        open.Push(place.Child(SchemaPlace.Token(name) + SchemaPlace.Token(part.Name), part.Value));
                    }
                }
                else if (value.ValueKind == JsonValueKind.Array && List.Contains(name))
                {
                    var i = 0;
                    foreach (var part in value.EnumerateArray())
                    {
                        open.Push(place.Child($"{SchemaPlace.Token(name)}/{i++}", part));
                    }
                }
            }
        }
    }
}
