using System.Text.Json;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Formulas.Atoms;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>Conditions on arrays.</summary>
internal sealed partial class SchemaReader
{
    private void ReadArrays(KeywordSet keywords, SchemaNode node, DynamicScope scope)
    {
        var (min, max) = (keywords.Count("minItems") ?? 0, keywords.Count("maxItems") ?? int.MaxValue);
        if (min > 0 || max < int.MaxValue)
        {
            node.Own.Add(min > max ? pool.Not(pool.Types(JsonTypes.Array)) : new ItemCountAtom(pool.NextId(), min, max));
        }

        if (keywords.Take("uniqueItems", KeywordTreatment.CheckedAtEnd) is { ValueKind: JsonValueKind.True })
        {
            node.Own.Add(new UniqueAtom(pool.NextId(), keywords.Place.At("uniqueItems")));
        }

        var prefix = List(keywords, "prefixItems", scope);
        SchemaFormula? rest = null;
        if (keywords.Peek("items") is { ValueKind: JsonValueKind.Array })
        {
            prefix ??= List(keywords, "items", scope);
            rest = One(keywords, "additionalItems", scope);
        }
        else
        {
            rest = One(keywords, "items", scope);
        }

        if (prefix is not null || rest is not null)
        {
            node.Own.Add(new ItemsAtom(pool.NextId(), [.. prefix?.Select(part => part.Formula) ?? []], rest?.Formula ?? pool.True));
            node.Items = rest is null ? new(prefix!.Count, []) : EvaluatedItems.Every;
        }

        ReadContains(keywords, node, scope);
        node.UnevaluatedItems = One(keywords, "unevaluatedItems", scope);
    }

    private void ReadContains(KeywordSet keywords, SchemaNode node, DynamicScope scope)
    {
        if (keywords.Place.Resource.Dialect < Dialect.Draft06 || One(keywords, "contains", scope) is not { } contains)
        {
            return;
        }

        var (min, max) = (keywords.Count("minContains") ?? 1, keywords.Count("maxContains") ?? int.MaxValue);
        node.Own.Add(min > max ? pool.Not(pool.Types(JsonTypes.Array)) : pool.Contains(contains.Formula, min, max));
        if (keywords.Place.Resource.Dialect == Dialect.Draft202012)
        {
            node.Items = node.Items.With(new(0, [contains.Formula]));
        }
    }
}
