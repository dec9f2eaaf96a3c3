using System.Globalization;
using System.Text.Json;

namespace Penstock.Ledger.Prices;

/// <summary>JSON pointers (RFC 6901).</summary>
public static class JsonPointer
{
    /// <summary>Whether the text is a pointer: empty, or starting with a slash, and every <c>~</c> followed by 0 or 1.</summary>
    public static bool IsValid(string pointer) =>
        (pointer.Length == 0 || pointer[0] == '/') && pointer.Replace("~0", "", StringComparison.Ordinal).Replace("~1", "", StringComparison.Ordinal).IndexOf('~', StringComparison.Ordinal) < 0;

    /// <summary>What the pointer points at, or null when there is no such value.</summary>
    public static JsonElement? Find(JsonElement? root, string pointer)
    {
        var found = root;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            found = found switch
            {
                { ValueKind: JsonValueKind.Object } one when one.TryGetProperty(name, out var member) => member,
                { ValueKind: JsonValueKind.Array } list when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.GetArrayLength() => list[index],
                _ => null,
            };
        }

        return found;
    }
}
