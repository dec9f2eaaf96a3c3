using System.Text.Json;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Formulas.Atoms;
using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>Conditions on objects.</summary>
internal sealed partial class SchemaReader
{
    private void ReadObjects(KeywordSet keywords, SchemaNode node, DynamicScope scope)
    {
        ReadProperties(keywords, node, scope);
        var (min, max) = (keywords.Count("minProperties") ?? 0, keywords.Count("maxProperties") ?? int.MaxValue);
        if (min > 0 || max < int.MaxValue)
        {
            node.Own.Add(min > max ? pool.Not(pool.Types(JsonTypes.Object)) : new PropertyCountAtom(pool.NextId(), min, max));
        }

        if (keywords.Texts("required") is { Count: > 0 } required)
        {
            node.Own.Add(required.Count == 1 ? pool.Required(required[0]) : new RequiredAtom(pool.NextId(), required));
        }

        if (keywords.Place.Resource.Dialect >= Dialect.Draft06 && One(keywords, "propertyNames", scope) is { } names)
        {
            node.Own.Add(new PropertyNamesAtom(pool.NextId(), () => TextsOf(names.Formula)));
        }

        ReadDependencies(keywords, node, scope);
        node.UnevaluatedProperties = One(keywords, "unevaluatedProperties", scope);
    }

    private void ReadProperties(KeywordSet keywords, SchemaNode node, DynamicScope scope)
    {
        var named = new Dictionary<string, Formula>();
        foreach (var property in keywords.Members("properties"))
        {
            named[property.Name] = Child(keywords.Place, "properties", property.Name, property.Value, scope).Formula;
        }

        var matched = new List<(Language, Formula)>();
        foreach (var property in keywords.Members("patternProperties"))
        {
            var value = Child(keywords.Place, "patternProperties", property.Name, property.Value, scope);
            matched.Add((PatternOf(keywords, $"patternProperties{SchemaPlace.Token(property.Name)}", property.Name), value.Formula));
        }

        var additional = One(keywords, "additionalProperties", scope);
        if (named.Count > 0 || matched.Count > 0 || additional is not null)
        {
            node.Own.Add(new PropertiesAtom(pool.NextId(), named, matched, additional?.Formula ?? pool.True));
            node.Names = additional is not null ? EvaluatedNames.Every : new(false, [.. named.Keys], matched.ConvertAll(pattern => pattern.Item1));
        }
    }

    private void ReadDependencies(KeywordSet keywords, SchemaNode node, DynamicScope scope)
    {
        foreach (var keyword in (string[])["dependentRequired", "dependentSchemas", "dependencies"])
        {
            foreach (var dependency in keywords.Members(keyword))
            {
                if (keyword != "dependentSchemas" && dependency.Value.ValueKind is JsonValueKind.Array or JsonValueKind.String)
                {
                    var others = KeywordSet.TextsOf(dependency.Value) ?? throw keywords.Refuse(keyword, "A dependency lists names of properties.");
                    node.Own.Add(new DependencyAtom(pool.NextId(), dependency.Name, others));
                }
                else
                {
                    node.Dependent.Add((dependency.Name, Child(keywords.Place, keyword, dependency.Name, dependency.Value, scope)));
                }
            }
        }
    }

    /// <summary>The strings among the values of a formula, as one language.</summary>
    private Language TextsOf(Formula formula)
    {
        var texts = pool.Texts;
        var shapes = terms.Of(pool.All(pool.Types(JsonTypes.String), formula)).Candidates.Cast<StringShape>().ToArray();
        return shapes.Length == 0 ? texts.None : texts.Or([.. shapes.Select(WithLengths)]);

        Language WithLengths(StringShape shape) => shape is { MinLength: 0, MaxLength: int.MaxValue }
            ? shape.Language
            : texts.And(shape.Language, texts.Lengths(shape.MinLength, shape.MaxLength));
    }
}
