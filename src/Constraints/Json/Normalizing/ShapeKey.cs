using System.Globalization;
using System.Text;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>A text that two shapes of one pool have in common only if they are the same.</summary>
internal static class ShapeKey
{
    public static string Of(TermPool pool, ValueShape shape)
    {
        var key = new StringBuilder();
        switch (shape)
        {
            case LiteralShape word:
                key.Append(Encoding.ASCII.GetString(word.Text.Span));
                break;
            case StringShape text:
                Append<object?>(key, "s", pool.IdOf(text.Language), text.MinLength, text.MaxLength);
                break;
            case NumberShape number:
                Append<object?>(key, "n", number.Minimum, number.ExcludesMinimum, number.Maximum, number.ExcludesMaximum, number.MultipleOf, number.IsPlain);
                Append(key, "x", [.. number.NotMultiplesOf]);
                Append(key, "x", [.. number.Excluded]);
                Append(key, "v", [.. number.Values ?? []]);
                break;
            case ArrayShape array:
                Append<object?>(key, "a", array.MinItems, array.MaxItems, array.Unique, array.Rest.Id);
                Append(key, "p", [.. array.Prefix.Select(term => term.Id)]);
                Append(key, "c", [.. array.Contains.Select(rule => (rule.Matching.Id, rule.Min, rule.Max, rule.From))]);
                break;
            case ObjectShape value:
                Append(key, "o", value.MinProperties, value.MaxProperties);
                Append(key, "d", [.. value.Dependencies]);
                Append(key, "e", [.. value.Exists.Select(rule => (pool.IdOf(rule.Names), rule.Matching.Id))]);
                Append(key, "t", [.. value.Others.Select(others => (pool.IdOf(others.Names), others.Value.Id))]);
                foreach (var named in value.Named)
                {
                    key.Append(CultureInfo.InvariantCulture, $"{named.Name.Length}:{Encoding.UTF8.GetString(named.Name.Span)}{named.Value.Id}{(named.IsRequired ? '!' : '?')}");
                }

                break;
        }

        return key.ToString();
    }

    private static void Append<T>(StringBuilder key, string kind, params ReadOnlySpan<T> parts)
    {
        key.Append(kind);
        foreach (var part in parts)
        {
            key.Append(CultureInfo.InvariantCulture, $"{part},");
        }
    }
}
