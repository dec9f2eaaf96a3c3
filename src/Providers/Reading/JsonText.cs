using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Penstock.Providers.Reading;

/// <summary>Texts of a provider's JSON.</summary>
internal static class JsonText
{
    /// <summary>A field's text; null where there is none. Half a surrogate pair is no text, and becomes a replacement character.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.Piece(name) is not { } piece ? null
        : piece.AsSpan().ContainsAnyInRange('\ud800', '\udfff') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(piece))
        : piece;

    /// <summary>
    /// A field's text that others continue; null where there is none. It may begin or end with half a surrogate pair where a provider cut its chunks within a character;
    /// <see cref="SplitTexts"/> puts the halves together.
    /// </summary>
    public static string? Piece(this JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var field) || field.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return field.GetString();
        }
        catch (InvalidOperationException)
        {
            return Unescape(field.GetRawText());
        }
    }

    /// <summary>A field's count; null where there is none.</summary>
    public static int? Count(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.Number && field.TryGetInt32(out var count) && count >= 0 ? count : null;

    /// <summary>A field that is an object; else an element of no kind.</summary>
    public static JsonElement Object(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.Object ? field : default;

    // The library reads well-formed text only. The JSON itself has been checked, so that every escape is whole.
    private static string Unescape(string quoted)
    {
        var text = new StringBuilder(quoted.Length);
        for (var at = 1; at < quoted.Length - 1; at++)
        {
            if (quoted[at] != '\\')
            {
                text.Append(quoted[at]);
                continue;
            }

            at++;
            text.Append(quoted[at] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)ushort.Parse(quoted.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                var itself => itself,
            });
            at += quoted[at] == 'u' ? 4 : 0;
        }

        return text.ToString();
    }
}
