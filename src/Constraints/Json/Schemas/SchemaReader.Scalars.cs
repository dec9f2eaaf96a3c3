using System.Text.Json;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Formulas.Atoms;
using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>Types, constants, strings and numbers.</summary>
internal sealed partial class SchemaReader
{
    private readonly Dictionary<string, Language> patterns = [];
    private readonly Dictionary<string, Formula> atoms = [];

    private void ReadConstants(KeywordSet keywords, SchemaNode node)
    {
        if (keywords.Take("type") is { } type)
        {
            node.Own.Add(type.ValueKind == JsonValueKind.Array
                ? pool.Any([.. type.EnumerateArray().Select(one => TypeOf(keywords, one))])
                : TypeOf(keywords, type));
        }

        if (keywords.Place.Resource.Dialect >= Dialect.Draft06 && keywords.Take("const") is { } value)
        {
            node.Own.Add(constants.Of([value]));
        }

        if (keywords.Array("enum") is { } values)
        {
            node.Own.Add(constants.Of([.. values.EnumerateArray()]));
        }
    }

    private Formula TypeOf(KeywordSet keywords, JsonElement type)
    {
        var name = type.ValueKind == JsonValueKind.String ? type.GetString() : null;
        return name switch
        {
            "null" => pool.Types(JsonTypes.Null),
            "boolean" => pool.Types(JsonTypes.Boolean),
            "number" => pool.Types(JsonTypes.Number),
            "integer" when keywords.Place.Resource.Dialect == Dialect.Draft04 => Known("plain", () => pool.All(pool.Types(JsonTypes.Number), pool.Number(new() { MultipleOf = ExactDecimal.One, IsPlain = true }))),
            "integer" => Known("integer", () => pool.All(pool.Types(JsonTypes.Number), pool.Number(new() { MultipleOf = ExactDecimal.One }))),
            "string" => pool.Types(JsonTypes.String),
            "array" => pool.Types(JsonTypes.Array),
            "object" => pool.Types(JsonTypes.Object),
            "any" when keywords.Place.Resource.Dialect == Dialect.Draft04 => pool.True,
            _ => throw keywords.Refuse("type", $"{type.GetRawText()} is not a type. Types are null, boolean, number, integer, string, array and object."),
        };
    }

    private void ReadStrings(KeywordSet keywords, SchemaNode node)
    {
        var (min, max) = (keywords.Count("minLength") ?? 0, keywords.Count("maxLength") ?? int.MaxValue);
        if (min > 0 || max < int.MaxValue)
        {
            node.Own.Add(Known($"length {min} {max}", () => min > max ? pool.Not(pool.Types(JsonTypes.String)) : new LengthAtom(pool.NextId(), min, max)));
        }

        if (keywords.Text("pattern") is { } pattern)
        {
            node.Own.Add(Known($"pattern {pattern}", () => pool.InLanguage(PatternOf(keywords, "pattern", pattern))));
        }

        if (keywords.Peek("format") is { ValueKind: JsonValueKind.String } format && LanguagePool.IsFormat(format.GetString()!))
        {
            var name = keywords.Text("format")!;
            node.Own.Add(Known($"format {name}", () => pool.InLanguage(pool.Texts.Format(name))));
        }
    }

    private Language PatternOf(KeywordSet keywords, string keyword, string pattern)
    {
        if (!patterns.TryGetValue(pattern, out var language))
        {
            var outcome = pool.Texts.Pattern(pattern);
            language = outcome.Ok ? outcome.Value : throw keywords.Refuse(keyword, outcome.Error.Message);
            patterns.Add(pattern, language);
        }

        return language;
    }

    private void ReadNumbers(KeywordSet keywords, SchemaNode node)
    {
        // Draft-04 has the exclusive bounds as flags beside the inclusive ones.
        var (excludesLow, excludesHigh) = (keywords.Flag("exclusiveMinimum"), keywords.Flag("exclusiveMaximum"));
        if (keywords.Number("minimum") is { } minimum)
        {
            node.Own.Add(pool.Number(new() { Minimum = minimum, ExcludesMinimum = excludesLow == true }));
        }

        if (keywords.Number("maximum") is { } maximum)
        {
            node.Own.Add(pool.Number(new() { Maximum = maximum, ExcludesMaximum = excludesHigh == true }));
        }

        if (excludesLow is null && keywords.Number("exclusiveMinimum") is { } above)
        {
            node.Own.Add(pool.Number(new() { Minimum = above, ExcludesMinimum = true }));
        }

        if (excludesHigh is null && keywords.Number("exclusiveMaximum") is { } below)
        {
            node.Own.Add(pool.Number(new() { Maximum = below, ExcludesMaximum = true }));
        }

        if (keywords.Number("multipleOf") is { } divisor)
        {
            node.Own.Add(divisor.Sign > 0 ? pool.Number(new() { MultipleOf = divisor }) : throw keywords.Refuse("multipleOf", "The divisor must be greater than 0."));
        }
    }

    /// <summary>Makes a condition that many schemas repeat once.</summary>
    private Formula Known(string key, Func<Formula> make)
    {
        if (!atoms.TryGetValue(key, out var atom))
        {
            atoms.Add(key, atom = make());
        }

        return atom;
    }
}
