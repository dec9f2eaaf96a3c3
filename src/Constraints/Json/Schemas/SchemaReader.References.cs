using System.Text.Json;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>References and the choices among schemas on one value.</summary>
internal sealed partial class SchemaReader
{
    private void ReadReferences(KeywordSet keywords, SchemaNode node, DynamicScope scope)
    {
        var place = keywords.Place;
        if (keywords.Text("$ref") is { } reference)
        {
            node.AllOf.Add(Of(index.Resolve(place, "$ref", reference), scope));
        }

        if (keywords.Text("$dynamicRef") is { } dynamic)
        {
            var target = index.Resolve(place, "$dynamicRef", dynamic);
            var name = dynamic[(dynamic.IndexOf('#', StringComparison.Ordinal) + 1)..];
            var isDynamic = target.Resource.DynamicAnchors.TryGetValue(name, out var anchor) && anchor.Pointer == target.Pointer;
            node.AllOf.Add(Of((isDynamic ? scope.Find(name) : null) ?? target, scope));
        }

        if (keywords.Text("$recursiveRef") is { } recursive)
        {
            var target = index.Resolve(place, "$recursiveRef", recursive);
            node.AllOf.Add(Of((target.Resource.DynamicAnchors.ContainsKey("") ? scope.Find("") : null) ?? target, scope));
        }
    }

    private void ReadChoices(KeywordSet keywords, SchemaNode node, DynamicScope scope)
    {
        var dialect = keywords.Place.Resource.Dialect;
        node.AllOf.AddRange(List(keywords, "allOf", scope) ?? []);
        if (dialect == Dialect.Draft04 && keywords.Peek("extends") is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } extends)
        {
            node.AllOf.AddRange(extends.ValueKind == JsonValueKind.Array ? List(keywords, "extends", scope)! : [One(keywords, "extends", scope)!]);
        }

        if (List(keywords, "anyOf", scope) is { } any)
        {
            node.HasAnyOf = true;
            node.AnyOf.AddRange(any);
        }

        if (List(keywords, "oneOf", scope) is { } one)
        {
            node.HasOneOf = true;
            node.OneOf.AddRange(one);
        }

        if (One(keywords, "not", scope) is { } not)
        {
            node.Not.Add(not);
        }

        if (dialect >= Dialect.Draft07 && keywords.Has("if"))
        {
            node.If = One(keywords, "if", scope);
            node.Then = One(keywords, "then", scope);
            node.Else = One(keywords, "else", scope);
        }
    }

    private SchemaFormula? One(KeywordSet keywords, string keyword, DynamicScope scope) =>
        keywords.Take(keyword) is { } element ? Child(keywords.Place, keyword, element, scope) : null;

    private List<SchemaFormula>? List(KeywordSet keywords, string keyword, DynamicScope scope)
    {
        if (keywords.Array(keyword) is not { } array)
        {
            return null;
        }

        var parts = new List<SchemaFormula>(array.GetArrayLength());
        foreach (var element in array.EnumerateArray())
        {
            parts.Add(Child(keywords.Place, keyword, parts.Count, element, scope));
        }

        return parts;
    }
}
