using System.Globalization;
using System.Text;
using Penstock.Models.Templates.Evaluation;

namespace Penstock.Models.Templates.Values;

/// <summary>Values as Python's <c>str</c> writes them: for the <c>string</c> filter where the reference dialect has no answer.</summary>
internal sealed class PythonText(Budget budget)
{
    private readonly StringBuilder text = new();

    /// <summary>Text as it is, anything else as in Python's source.</summary>
    public static string Of(Value value, Budget budget)
    {
        if (value is StringValue plain) return plain.Text;
        if (value is UndefinedValue) return "";
        var writer = new PythonText(budget);
        writer.Write(value);
        return writer.text.ToString();
    }

    private void Write(Value value)
    {
        budget.Step();
        switch (value)
        {
            case StringValue { Text: var characters }:
                WriteString(characters);
                break;
            case BooleanValue boolean:
                Add(boolean.IsTrue ? "True" : "False");
                break;
            case IntegerValue integer:
                Add(integer.Written ?? JsNumber.Format(integer.Number));
                break;
            case FloatValue number:
                Add(number.Written ?? JsNumber.FormatFloat(number.Number));
                break;
            case ListValue list:
                WriteAll(list.IsTuple ? "(" : "[", list.IsTuple ? list.Items.Count == 1 ? ",)" : ")" : "]", list.Items, Write);
                break;
            case MappingValue mapping:
                WriteAll("{", "}", [.. mapping.Entries], WriteEntry(mapping));
                break;
            case NullValue or UndefinedValue:
                Add(value is NullValue ? "None" : "Undefined");
                break;
            default:
                throw new TemplateFault($"a {value.Kind} cannot be printed");
        }
    }

    private Action<KeyValuePair<string, Value>> WriteEntry(MappingValue mapping) => entry =>
    {
        Write(mapping.KeyOf(entry.Key));
        Add(": ");
        Write(entry.Value);
    };

    private void WriteAll<T>(string open, string close, List<T> items, Action<T> write)
    {
        budget.Enter();
        Add(open);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) Add(", ");
            write(items[i]);
        }

        Add(close);
        budget.Leave();
    }

    private void WriteString(string characters)
    {
        budget.Characters(characters.Length + 2);
        var quote = characters.Contains('\'', StringComparison.Ordinal) && !characters.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (var rune in characters.EnumerateRunes())
        {
            text.Append(rune.Value switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\\' => "\\\\",
                var code when code == quote => $"\\{quote}",
                ' ' => " ",
                var code when !IsPrintable(rune) => code switch
                {
                    <= 0xFF => $"\\x{code:x2}",
                    <= 0xFFFF => $"\\u{code:x4}",
                    _ => $"\\U{code:x8}",
                },
                _ => rune.ToString(),
            });
        }

        text.Append(quote);
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    private void Add(string piece)
    {
        budget.Characters(piece.Length);
        text.Append(piece);
    }
}
