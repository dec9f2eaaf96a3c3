using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Penstock.Constraints.Tests.Json.Machine;

/// <summary>Validates instances straight from a schema of few keywords, without any code of the compiler.</summary>
internal static class SimpleValidator
{
    public static bool IsValid(JsonElement schema, JsonElement value) =>
        schema.ValueKind == JsonValueKind.True || schema.EnumerateObject().All(keyword => Holds(schema, keyword.Name, keyword.Value, value));

    private static bool Holds(JsonElement schema, string keyword, JsonElement rule, JsonElement value)
    {
        var isNumber = value.ValueKind == JsonValueKind.Number;
        var isText = value.ValueKind == JsonValueKind.String;
        var isArray = value.ValueKind == JsonValueKind.Array;
        var isObject = value.ValueKind == JsonValueKind.Object;
        return keyword switch
        {
            "type" => rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray().Any(type => IsOf(type.GetString()!, value)) : IsOf(rule.GetString()!, value),
            "enum" => rule.EnumerateArray().Any(one => AreEqual(one, value)),
            "const" => AreEqual(rule, value),
            "anyOf" => rule.EnumerateArray().Any(one => IsValid(one, value)),
            "oneOf" => rule.EnumerateArray().Count(one => IsValid(one, value)) == 1,
            "allOf" => rule.EnumerateArray().All(one => IsValid(one, value)),
            "not" => !IsValid(rule, value),
            "minLength" => !isText || Length(value) >= rule.GetInt32(),
            "maxLength" => !isText || Length(value) <= rule.GetInt32(),
            "minimum" => !isNumber || Compare(value, rule) >= 0,
            "maximum" => !isNumber || Compare(value, rule) <= 0,
            "exclusiveMinimum" => !isNumber || Compare(value, rule) > 0,
            "multipleOf" => !isNumber || IsMultiple(value, rule),
            "items" => !isArray || value.EnumerateArray().Skip(schema.TryGetProperty("prefixItems", out var prefix) ? prefix.GetArrayLength() : 0).All(item => IsValid(rule, item)),
            "prefixItems" => !isArray || value.EnumerateArray().Zip(rule.EnumerateArray()).All(pair => IsValid(pair.Second, pair.First)),
            "minItems" => !isArray || value.GetArrayLength() >= rule.GetInt32(),
            "maxItems" => !isArray || value.GetArrayLength() <= rule.GetInt32(),
            "uniqueItems" => !isArray || AreDistinct([.. value.EnumerateArray()]),
            "contains" => !isArray || value.EnumerateArray().Any(item => IsValid(rule, item)),
            "properties" => !isObject || value.EnumerateObject().All(property => !rule.TryGetProperty(property.Name, out var inner) || IsValid(inner, property.Value)),
            "additionalProperties" => !isObject || value.EnumerateObject().All(property =>
                schema.GetProperty("properties").TryGetProperty(property.Name, out _) || (rule.ValueKind != JsonValueKind.False && IsValid(rule, property.Value))),
            "required" => !isObject || rule.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
            "minProperties" => !isObject || value.EnumerateObject().Count() >= rule.GetInt32(),
            "maxProperties" => !isObject || value.EnumerateObject().Count() <= rule.GetInt32(),
            "dependentRequired" => !isObject || rule.EnumerateObject().All(pair =>
                !value.TryGetProperty(pair.Name, out _) || pair.Value.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _))),
            _ => throw new ArgumentException($"{keyword} is not known here."),
        };
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "integer" => value.ValueKind == JsonValueKind.Number && IsMultiple(value, JsonDocument.Parse("1").RootElement),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => string.Equals(type, value.ValueKind.ToString(), StringComparison.OrdinalIgnoreCase),
    };

    private static int Length(JsonElement value) => value.GetString()!.EnumerateRunes().Count();

    private static bool AreDistinct(JsonElement[] items) =>
        !items.Where((item, i) => items.Skip(i + 1).Any(other => AreEqual(item, other))).Any();

    private static bool AreEqual(JsonElement x, JsonElement y) => x.ValueKind == y.ValueKind && x.ValueKind switch
    {
        JsonValueKind.Number => Compare(x, y) == 0,
        JsonValueKind.String => x.GetString() == y.GetString(),
        JsonValueKind.Array => x.GetArrayLength() == y.GetArrayLength() && x.EnumerateArray().Zip(y.EnumerateArray()).All(pair => AreEqual(pair.First, pair.Second)),
        JsonValueKind.Object => x.EnumerateObject().Count() == y.EnumerateObject().Count()
            && x.EnumerateObject().All(property => y.TryGetProperty(property.Name, out var other) && AreEqual(property.Value, other)),
        _ => true,
    };

    private static int Compare(JsonElement x, JsonElement y)
    {
        var (a, b) = Align(x, y);
        return a.CompareTo(b);
    }

    private static bool IsMultiple(JsonElement x, JsonElement y)
    {
        var (a, b) = Align(x, y);
        return (a % b).IsZero;
    }

    private static (BigInteger X, BigInteger Y) Align(JsonElement x, JsonElement y)
    {
        var (a, exponentA) = Decimal(x);
        var (b, exponentB) = Decimal(y);
        var least = Math.Min(exponentA, exponentB);
        return (a * BigInteger.Pow(10, exponentA - least), b * BigInteger.Pow(10, exponentB - least));
    }

    private static (BigInteger Mantissa, int Exponent) Decimal(JsonElement number)
    {
        var text = number.GetRawText().ToLowerInvariant().Split('e');
        var exponent = text.Length > 1 ? int.Parse(text[1], CultureInfo.InvariantCulture) : 0;
        var parts = text[0].Split('.');
        var mantissa = BigInteger.Parse(string.Concat(parts), CultureInfo.InvariantCulture);
        return mantissa.IsZero ? (mantissa, 0) : (mantissa, exponent - (parts.Length > 1 ? parts[1].Length : 0));
    }
}
