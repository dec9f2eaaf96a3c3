using System.Globalization;
using System.Text.Json;
using Penstock.Cli.Output;
using Spectre.Console;

namespace Penstock.Cli.Admin;

/// <summary>Answers of the administration as tables.</summary>
internal static class AdminTable
{
    /// <summary>A row an item of <c>data</c>.</summary>
    public static void Write(Terminal terminal, JsonElement answer, params ReadOnlySpan<(string Title, Func<JsonElement, string> Cell)> columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var (title, _) in columns)
            table.AddColumn(title);
        foreach (var item in answer.GetProperty("data").EnumerateArray())
        {
            var cells = new List<string>();
            foreach (var (_, cell) in columns)
                cells.Add(Markup.Escape(cell(item)));
            table.AddRow([.. cells]);
        }

        terminal.Results.Write(table);
    }

    /// <summary>What is at the end of a path of fields, as text; nothing where a field is missing or null.</summary>
    public static string Text(JsonElement item, params ReadOnlySpan<string> path)
    {
        foreach (var field in path)
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(field, out item))
                return "";
        }

        return item.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.Array => string.Join(", ", item.EnumerateArray().Select(one => Text(one))),
            JsonValueKind.String => Moment(item.GetString()!),
            JsonValueKind.Object => string.Join(' ', item.EnumerateObject().Select(field => $"{field.Name}={Text(field.Value)}")),
            _ => item.GetRawText(),
        };
    }

    // Times as people read them; everything else as it is.
    private static string Moment(string text) =>
        DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment.UtcDateTime.ToString("u", CultureInfo.InvariantCulture) : text;

    /// <summary>Says in a line what was done with an item.</summary>
    public static Action<Terminal, JsonElement> Line(string what) => (terminal, answer) => terminal.WriteLine($"{Text(answer, "name")} {what}.");

    /// <summary>An answer field by field, a line each.</summary>
    public static void WriteFields(Terminal terminal, JsonElement answer)
    {
        foreach (var field in answer.EnumerateObject())
            terminal.WriteLine($"{field.Name,-12}  {Text(field.Value)}");
    }
}
