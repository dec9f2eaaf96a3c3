using System.Text.Json;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Formulas.Atoms;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>Turns the values of <c>const</c> and <c>enum</c> into conditions: values are equal as JSON Schema has it, numbers by value and objects in any order.</summary>
internal sealed class ConstantReader(FormulaPool pool)
{
    public Formula Of(IReadOnlyList<JsonElement> values)
    {
        var words = JsonTypes.None;
        var texts = new HashSet<string>();
        var numbers = new HashSet<ExactDecimal>();
        var parts = new List<Formula>();
        foreach (var value in values)
        {
            pool.Budget.Charge();
            switch (value.ValueKind)
            {
                case JsonValueKind.Null:
                    words |= JsonTypes.Null;
                    break;
                case JsonValueKind.True:
                    words |= JsonTypes.True;
                    break;
                case JsonValueKind.False:
                    words |= JsonTypes.False;
                    break;
                case JsonValueKind.String:
                    texts.Add(value.GetString()!);
                    break;
                case JsonValueKind.Number:
                    numbers.Add(ExactDecimal.TryParse(value.GetRawText(), out var number)
                        ? number
                        : throw new SchemaRefusedException($"A constant has more than {ExactDecimal.LargestExponent} digits or an exponent beyond that."));
                    break;
                case JsonValueKind.Array:
                    parts.Add(OfArray(value));
                    break;
                default:
                    parts.Add(OfObject(value));
                    break;
            }
        }

        parts.Add(pool.Types(words));
        if (texts.Count > 0)
        {
            parts.Add(pool.OneOfTexts(texts));
        }

        if (numbers.Count > 0)
        {
            parts.Add(pool.All(pool.Types(JsonTypes.Number), pool.Number(new() { Values = [.. numbers.Order()] })));
        }

        return pool.Any(parts);
    }

    private Formula OfArray(JsonElement value)
    {
        var items = value.EnumerateArray().Select(item => Of([item])).ToArray();
        return pool.All(
            pool.Types(JsonTypes.Array),
            new ItemsAtom(pool.NextId(), items, pool.False),
            new ItemCountAtom(pool.NextId(), items.Length, items.Length));
    }

    private Formula OfObject(JsonElement value)
    {
        var named = new Dictionary<string, Formula>();
        foreach (var property in value.EnumerateObject())
        {
            named[property.Name] = Of([property.Value]);
        }

        return pool.All(
            pool.Types(JsonTypes.Object),
            new PropertiesAtom(pool.NextId(), named, [], pool.False),
            new RequiredAtom(pool.NextId(), [.. named.Keys]));
    }
}
