using System.Globalization;
using System.Text;
using Penstock.Models.Templates.Evaluation;

namespace Penstock.Models.Templates.Values;

/// <summary>Values as JSON text.</summary>
internal sealed class JsonWriter(Budget budget, JsonStyle style)
{
    private readonly StringBuilder text = new();
    private readonly string itemSeparator = style.ItemSeparator ?? (style.Indent > 0 ? "," : ", ");
    private readonly string keySeparator = style.KeySeparator ?? ": ";

    public string Write(Value value)
    {
        WriteValue(value, 0);
        return text.ToString();
    }

    private void WriteValue(Value value, int depth)
    {
        budget.Step();
        switch (value)
        {
            case NullValue:
                Add("null");
                break;
            case UndefinedValue:
                Add(style.UndefinedIsNull ? "null" : "undefined");
                break;
            case BooleanValue boolean:
                Add(boolean.IsTrue ? "true" : "false");
                break;
            case NumberValue number:
                Add(number.Written ?? (double.IsFinite(number.Number) ? JsNumber.Format(number.Number) : "null"));
                break;
            case StringValue { Text: var characters }:
                WriteString(characters);
                break;
            case ListValue { IsTuple: false } list:
                WriteContainer('[', ']', list.Items, depth, WriteValue);
                break;
            case MappingValue mapping:
                WriteContainer('{', '}', Ordered(mapping.Entries), depth, WriteEntry);
                break;
            case NamespaceValue space:
                WriteContainer('{', '}', Ordered(space.Entries), depth, WriteEntry);
                break;
            default:
                throw new TemplateFault($"a {value.Kind} cannot be made into JSON");
        }
    }

    private void WriteEntry(KeyValuePair<string, Value> entry, int depth)
    {
        WriteString(entry.Key);
        Add(keySeparator);
        WriteValue(entry.Value, depth);
    }

    private void WriteContainer<T>(char open, char close, IReadOnlyList<T> items, int depth, Action<T, int> write)
    {
        budget.Enter();
        Add(open.ToString());
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) Add(itemSeparator);
            WriteLineBreak(depth + 1);
            write(items[i], depth + 1);
        }

        if (items.Count > 0) WriteLineBreak(depth);
        Add(close.ToString());
        budget.Leave();
    }

    private void WriteLineBreak(int depth)
    {
        if (style.Indent <= 0) return;
        budget.Characters((long)style.Indent * depth + 1);
        text.Append('\n').Append(' ', style.Indent * depth);
    }

    private List<KeyValuePair<string, Value>> Ordered(OrderedDictionary<string, Value> entries) =>
        style.SortsKeys ? Sorting.Stable([.. entries], (a, b) => KeyOrder.Compare(a.Key, b.Key), budget) : [.. entries];

    /// <summary>JSON.stringify's escapes: what must be escaped, and lone surrogates.</summary>
    private void WriteString(string characters)
    {
        budget.Characters(characters.Length + 2);
        text.Append('"');
        for (var i = 0; i < characters.Length; i++)
        {
            var c = characters[i];
            var isPair = char.IsHighSurrogate(c) && i + 1 < characters.Length && char.IsLowSurrogate(characters[i + 1]);
            if (isPair && !style.EscapesNonAscii) text.Append(c).Append(characters[++i]);
            else if (Escape(c) is { } escape) text.Append('\\').Append(escape);
            else if (c < ' ' || char.IsSurrogate(c) || (c >= 0x7F && style.EscapesNonAscii))
                text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else text.Append(c);
        }

        text.Append('"');
    }

    private static char? Escape(char c) => c switch
    {
        '"' or '\\' => c,
        '\b' => 'b',
        '\f' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        _ => null,
    };

    private void Add(string piece)
    {
        budget.Characters(piece.Length);
        text.Append(piece);
    }
}
