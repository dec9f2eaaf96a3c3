using System.Text;
using System.Text.Json;

namespace Penstock.Gateway.Wire;

/// <summary>Names the field of a body that nests too deep to be parsed: as other faults are named, and a schema with the <c>#</c> of a JSON pointer.</summary>
internal static class NestedField
{
    // tools[0].function.parameters is the longest path to a schema.
    private const int Named = 4;

    /// <param name="utf8">JSON, which may break off behind the place.</param>
    /// <param name="depth">Most arrays and objects within one another.</param>
    /// <returns>Null where the body itself is at fault, not one of its fields.</returns>
    public static string? Find(ReadOnlySpan<byte> utf8, int depth)
    {
        var reader = new Utf8JsonReader(utf8, new() { MaxDepth = int.MaxValue });
        var names = new string?[Named + 1];
        var items = new int?[Named + 1];
        while (reader.Read())
        {
            var level = reader.CurrentDepth;
            var opens = reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject;
            if (opens && level >= depth)
            {
                break;
            }

            if (level > Named)
            {
                continue;
            }

            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = Encoding.UTF8.GetString(reader.ValueSpan);
                names[level] = level == 1 ? name : $".{name}";
            }
            else if (items[level] is { } item && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
            {
                (names[level], items[level]) = ($"[{item}]", item + 1);
            }

            if (opens && level < Named)
            {
                items[level + 1] = reader.TokenType == JsonTokenType.StartArray ? 0 : null;
            }
        }

        return names[1..] switch
        {
            ["guided_json", ..] => "guided_json#",
            ["structured_outputs", ".json", ..] => "structured_outputs.json#",
            ["response_format", ".json_schema", ".schema", ..] => "response_format.json_schema.schema#",
            ["tools", var tool, ".function", ".parameters"] => $"tools{tool}.function.parameters#",
            [var field, ..] when items[1] is null => field,
            _ => null,
        };
    }
}
