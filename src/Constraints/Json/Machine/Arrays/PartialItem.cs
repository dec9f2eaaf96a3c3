using System.Globalization;
using System.Text.Json;

namespace Penstock.Constraints.Json.Machine.Arrays;

/// <summary>Compares the beginning of an object or array with whole ones.</summary>
internal static class PartialItem
{
    private static readonly JsonReaderState Beginning = new(new() { MaxDepth = 100_000 });

    /// <summary>Whether no item of those seen has all the members that are complete in the beginning of another.</summary>
    public static bool IsNew(byte[] json, SeenItems seen)
    {
        var reader = new Utf8JsonReader(json, isFinalBlock: false, Beginning);
        if (!reader.Read())
            return false;

        var isObject = reader.TokenType == JsonTokenType.StartObject;
        var alike = seen.Members.Where(item => item.IsObject == isObject).ToList();
        for (var index = 0; alike.Count > 0 && reader.Read(); index++)
        {
            var name = index.ToString(CultureInfo.InvariantCulture);
            if (isObject)
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                    return false;

                name = reader.GetString()!;
                if (!reader.Read())
                    return false;
            }
            else if (reader.TokenType == JsonTokenType.EndArray)
            {
                return false;
            }

            var start = (int)reader.TokenStartIndex;
            if (!reader.TrySkip())
                return false;

            var value = CanonicalJson.Of(json.AsMemory(start, (int)reader.BytesConsumed - start));
            alike.RemoveAll(item => !item.Members.TryGetValue(name, out var other) || !value.AsSpan().SequenceEqual(other));
        }

        return alike.Count == 0;
    }
}
