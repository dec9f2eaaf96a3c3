using System.Text;
using System.Text.Json;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Tests.Json.Shapes;

/// <summary>Decides whether a whole value is of a term by walking its shapes: what the token automaton does byte by byte, without the automaton.</summary>
internal static class ShapeValidator
{
    public static bool Accepts(SchemaTerm term, JsonElement value) => term.IsAny || term.Shapes.Any(shape => Accepts(shape, value));

    /// <summary>A text that equal values share: numbers by value, objects in any order.</summary>
    public static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => ExactDecimal.TryParse(value.GetRawText(), out var number) ? number.ToString() : value.GetRawText(),
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Canonical))}]",
        JsonValueKind.Object => $"{{{string.Join(',', Members(value).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{JsonSerializer.Serialize(pair.Key)}:{Canonical(pair.Value)}"))}}}",
        JsonValueKind.String => JsonSerializer.Serialize(value.GetString()),
        _ => value.GetRawText(),
    };

    private static bool Accepts(ValueShape shape, JsonElement value) => (shape, value.ValueKind) switch
    {
        (LiteralShape word, JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False) => value.GetRawText() == Encoding.ASCII.GetString(word.Text.Span),
        (StringShape text, JsonValueKind.String) => Accepts(text, value.GetString()!),
        (NumberShape numbers, JsonValueKind.Number) => ExactDecimal.TryParse(value.GetRawText(), out var number) && numbers.Contains(number)
            && (!numbers.IsPlain || !value.GetRawText().AsSpan().ContainsAny('.', 'e', 'E')),
        (ArrayShape array, JsonValueKind.Array) => Accepts(array, [.. value.EnumerateArray()]),
        (ObjectShape members, JsonValueKind.Object) => Accepts(members, Members(value)),
        _ => false,
    };

    private static bool Accepts(StringShape shape, string text)
    {
        var length = text.EnumerateRunes().Count();
        return length >= shape.MinLength && length <= shape.MaxLength && shape.Language.Matches(Encoding.UTF8.GetBytes(text));
    }

    private static bool Accepts(ArrayShape shape, JsonElement[] items)
    {
        if (items.Length < shape.MinItems || items.Length > shape.MaxItems || !items.Index().All(item => Accepts(shape.ItemAt(item.Index), item.Item)))
        {
            return false;
        }

        if (shape.Unique && items.Select(Canonical).Distinct().Count() < items.Length)
        {
            return false;
        }

        return shape.Contains.All(rule =>
        {
            var count = items.Skip(rule.From).Count(item => Accepts(rule.Matching, item));
            return count >= rule.Min && count <= rule.Max;
        });
    }

    private static bool Accepts(ObjectShape shape, Dictionary<string, JsonElement> members)
    {
        if (members.Count < shape.MinProperties || members.Count > shape.MaxProperties)
        {
            return false;
        }

        var names = shape.Named.Select(property => Encoding.UTF8.GetString(property.Name.Span)).ToArray();
        if (shape.Named.Index().Any(property => property.Item.IsRequired && !members.ContainsKey(names[property.Index])) ||
            shape.Dependencies.Any(link => members.ContainsKey(names[link.If]) && !members.ContainsKey(names[link.Then])))
        {
            return false;
        }

        return members.All(member => ValueOf(shape, names, member.Key) is { } term && Accepts(term, member.Value))
            && shape.Exists.All(rule => members.Any(member => rule.Names.Matches(Encoding.UTF8.GetBytes(member.Key)) && Accepts(rule.Matching, member.Value)));
    }

    private static SchemaTerm? ValueOf(ObjectShape shape, string[] names, string name)
    {
        var index = Array.IndexOf(names, name);
        return index >= 0
            ? shape.Named[index].Value
            : shape.Others.FirstOrDefault(other => other.Names.Matches(Encoding.UTF8.GetBytes(name)))?.Value;
    }

    private static Dictionary<string, JsonElement> Members(JsonElement value)
    {
        var members = new Dictionary<string, JsonElement>();
        foreach (var member in value.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        return members;
    }
}
