using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Penstock.Cli.Lab.Constraining;

/// <summary>
/// Writes a JSON value as a model would: numbers as they stand in the data, characters beyond ASCII as they are, and of two equal keys the last, as
/// Python's <c>json</c> reads them.
/// </summary>
internal static class InstanceText
{
    public static string Write(JsonElement value, InstanceStyle style)
    {
        var text = new StringBuilder();
        Write(value, style, 0, text);
        return text.ToString();
    }

    private static void Write(JsonElement value, InstanceStyle style, int depth, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var properties = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
                foreach (var property in value.EnumerateObject())
                    properties[property.Name] = property.Value;
                WriteList('{', '}', [.. properties], style, depth, text, property =>
                {
                    WriteString(property.Key, text);
                    text.Append(style == InstanceStyle.Compact ? ":" : ": ");
                    Write(property.Value, style, depth + 1, text);
                });
                break;
            case JsonValueKind.Array:
                WriteList('[', ']', [.. value.EnumerateArray()], style, depth, text, item => Write(item, style, depth + 1, text));
                break;
            case JsonValueKind.String:
                WriteString(value, text);
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void WriteList<T>(char open, char close, T[] items, InstanceStyle style, int depth, StringBuilder text, Action<T> write)
    {
        text.Append(open);
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                text.Append(style == InstanceStyle.Spaced ? ", " : ",");
            if (style == InstanceStyle.Indented)
                text.Append('\n').Append(' ', 2 * (depth + 1));
            write(items[i]);
        }

        if (style == InstanceStyle.Indented && items.Length > 0)
            text.Append('\n').Append(' ', 2 * depth);
        text.Append(close);
    }

    private static void WriteString(JsonElement value, StringBuilder text)
    {
        try
        {
            WriteString(value.GetString()!, text);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: only an escape can say it.
            text.Append(value.GetRawText());
        }
    }

    private static void WriteString(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }
}
