using System.Text.Json;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Normalizing;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>Reads schemas into formulas, each place once for each dynamic scope that it is met in.</summary>
internal sealed partial class SchemaReader(SchemaIndex index, TermPool terms, UseRecorder uses)
{
    private readonly FormulaPool pool = terms.Formulas;
    private readonly Dictionary<(int Document, string Pointer, int Scope), SchemaFormula> known = [];
    private readonly Queue<Lazy<SchemaNode>> unread = new();
    private readonly OneOfReader oneOf = new(terms);
    private readonly ConstantReader constants = new(terms.Formulas);

    /// <summary>Reads the document's root and every schema that it leads to.</summary>
    /// <exception cref="SchemaRefusedException">Something in it is not a schema, or cannot be enforced.</exception>
    public Formula ReadAll()
    {
        var root = Of(index.Root, DynamicScope.NewEmpty());
        while (unread.TryDequeue(out var node))
        {
            _ = node.Value;
        }

        return root.Formula;
    }

    private SchemaFormula Of(SchemaPlace place, DynamicScope scope)
    {
        switch (place.Element.ValueKind)
        {
            case JsonValueKind.True:
                return new(pool.True, null);
            case JsonValueKind.False:
                return new(pool.False, null);
            case not JsonValueKind.Object:
                throw new SchemaRefusedException("A schema is an object or a boolean.", place.ToString());
        }

        scope = scope.Enter(place.Resource);
        var key = (place.Document.Id, place.Pointer, scope.Id);
        if (!known.TryGetValue(key, out var schema))
        {
            var node = new Lazy<SchemaNode>(() => Read(place, scope), LazyThreadSafetyMode.None);
            schema = place.Element.EnumerateObject().MoveNext() ? new(pool.Schema(() => Whole(node.Value), place.ToString()), node) : new(pool.True, null);
            known.Add(key, schema);
            if (schema.Node is not null)
            {
                unread.Enqueue(node);
            }
        }

        return schema;
    }

    private SchemaNode Read(SchemaPlace place, DynamicScope scope)
    {
        pool.Budget.Charge();
        var keywords = new KeywordSet(place, uses);
        var node = new SchemaNode(place);
        var isReferenceAlone = place.Resource.Dialect <= Dialect.Draft07 && keywords.Has("$ref");
        ReadReferences(keywords, node, scope);
        if (!isReferenceAlone)
        {
            ReadChoices(keywords, node, scope);
            ReadConstants(keywords, node);
            ReadStrings(keywords, node);
            ReadNumbers(keywords, node);
            ReadArrays(keywords, node, scope);
            ReadObjects(keywords, node, scope);
        }

        keywords.ReportRest(isReferenceAlone);
        return node;
    }

    /// <summary>The whole condition: what the schema says itself, and what it applies in place.</summary>
    private Formula Whole(SchemaNode node)
    {
        var parts = new List<Formula>(node.Own);
        parts.AddRange(node.AllOf.Select(part => part.Formula));
        if (node.HasAnyOf)
        {
            parts.Add(pool.Any(pool.WithJoinedTexts([.. node.AnyOf.Select(part => part.Formula)], areApart: false)));
        }

        if (node.HasOneOf)
        {
            parts.Add(oneOf.Of([.. pool.WithJoinedTexts([.. node.OneOf.Select(part => part.Formula)], areApart: true)]));
        }

        parts.AddRange(node.Not.Select(part => pool.Not(part.Formula)));
        if (node.If is { } condition && (node.Then ?? node.Else) is not null)
        {
            parts.Add(pool.Any(
                pool.All(condition.Formula, node.Then?.Formula ?? pool.True),
                pool.All(pool.Not(condition.Formula), node.Else?.Formula ?? pool.True)));
        }

        parts.AddRange(node.Dependent.Select(part => IfPresent(part.Name, part.Schema.Formula)));
        if (node.UnevaluatedProperties is not null || node.UnevaluatedItems is not null)
        {
            parts.Add(new UnevaluatedReader(pool).Of(node));
        }

        return pool.All(parts);
    }

    /// <summary>If the value is an object with a property, it is of a formula.</summary>
    private Formula IfPresent(string name, Formula then) => pool.Any(
        pool.Types(JsonTypes.All & ~JsonTypes.Object),
        pool.Property(name, pool.False),
        pool.All(pool.Required(name), then));

    private SchemaFormula Child(SchemaPlace place, string keyword, JsonElement element, DynamicScope scope) => Of(place.Child(SchemaPlace.Token(keyword), element), scope);

    private SchemaFormula Child(SchemaPlace place, string keyword, int index, JsonElement element, DynamicScope scope) =>
        Of(place.Child($"{SchemaPlace.Token(keyword)}/{index}", element), scope);

    private SchemaFormula Child(SchemaPlace place, string keyword, string name, JsonElement element, DynamicScope scope) =>
        Of(place.Child(SchemaPlace.Token(keyword) + SchemaPlace.Token(name), element), scope);
}
