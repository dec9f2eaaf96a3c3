using System.Globalization;
using System.Text.Json;
using Penstock.Models.Templates.Evaluation;

namespace Penstock.Models.Templates.Values;

/// <summary>JSON to values, with the client's key order and number forms. Of a repeated key the last value counts, at the first place.</summary>
internal static class JsonReader
{
    public static Value Read(JsonElement json, Budget budget)
    {
        try
        {
            return ReadValue(json, budget);
        }
        catch (InvalidOperationException)
        {
            throw new TemplateFault("the tools or template arguments hold text that is not Unicode: half of a surrogate pair");
        }
    }

    private static Value ReadValue(JsonElement json, Budget budget)
    {
        budget.Step();
        switch (json.ValueKind)
        {
            case JsonValueKind.Null:
                return NullValue.Instance;
            case JsonValueKind.True:
                return BooleanValue.True;
            case JsonValueKind.False:
                return BooleanValue.False;
            case JsonValueKind.String:
                return new StringValue(json.GetString()!);
            case JsonValueKind.Number:
                return ReadNumber(json.GetRawText());
            case JsonValueKind.Array:
                var items = new List<Value>(json.GetArrayLength());
                budget.Enter();
                foreach (var item in json.EnumerateArray()) items.Add(ReadValue(item, budget));
                budget.Leave();
                return new ListValue(items);
            case JsonValueKind.Object:
                var mapping = new MappingValue();
                budget.Enter();
                foreach (var property in json.EnumerateObject()) mapping.Entries[property.Name] = ReadValue(property.Value, budget);
                budget.Leave();
                return mapping;
            default:
                return UndefinedValue.Instance;
        }
    }

    /// <summary>Reads JSON text; null where it is none.</summary>
    public static Value? TryParse(string text, Budget budget)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return ReadValue(document.RootElement, budget);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static NumberValue ReadNumber(string written)
    {
        var number = double.Parse(written, NumberStyles.Float, CultureInfo.InvariantCulture);
        return written.AsSpan().ContainsAny('.', 'e', 'E') ? new FloatValue(number, written) : new IntegerValue(number, written);
    }
}
