using System.Text;
using System.Text.Json;

namespace Penstock.Models.Answers;

/// <summary>Reads what stands around the arguments of calls: <c>[{"name": "f", "arguments":</c>, <c>}, {"name": "g", "parameters":</c>, Mistral's <c>f[ARGS]</c>.</summary>
internal static class CallHeader
{
    private static readonly byte[] Marker = "[ARGS]"u8.ToArray();

    /// <summary>Reads a call's name.</summary>
    /// <param name="text">From behind the marker on.</param>
    /// <param name="at">Where the last call's arguments end, 0 in front of the first. Moves behind the name.</param>
    /// <returns>Null while it is not all there, and where it has another form.</returns>
    public static string? Name(ReadOnlySpan<byte> text, ref int at)
    {
        var place = Bytes.SkipSpace(text, at);
        if (at == 0 && place < text.Length && text[place] is not ((byte)'{' or (byte)'['))
            return NameInFront(text, place, ref at);

        place = at;
        var first = at == 0;
        _ = first && Take(text, ref place, "["u8);
        if (!first && !(Take(text, ref place, "}"u8) && Take(text, ref place, ","u8)))
            return null;
        if (!Take(text, ref place, "{"u8) || !Take(text, ref place, "\"name\""u8) || !Take(text, ref place, ":"u8) || !TakeText(text, ref place, out var name))
            return null;

        at = place;
        return name;
    }

    /// <summary>Looks for the object of the arguments.</summary>
    /// <param name="text">From behind the marker on.</param>
    /// <param name="at">Behind the name; moves to the object's bracket.</param>
    public static bool TryFindArguments(ReadOnlySpan<byte> text, ref int at)
    {
        var place = at;
        if (Take(text, ref place, ","u8) && !((Take(text, ref place, "\"arguments\""u8) || Take(text, ref place, "\"parameters\""u8)) && Take(text, ref place, ":"u8)))
            return false;

        place = Bytes.SkipSpace(text, place);
        if (place == text.Length || text[place] != '{')
            return false;

        at = place;
        return true;
    }

    private static string? NameInFront(ReadOnlySpan<byte> text, int start, ref int at)
    {
        var length = text[start..].IndexOf(Marker);
        if (length <= 0)
            return null;

        at = start + length + Marker.Length;
        return Encoding.UTF8.GetString(text.Slice(start, length));
    }

    private static bool Take(ReadOnlySpan<byte> text, ref int at, ReadOnlySpan<byte> expected)
    {
        var start = Bytes.SkipSpace(text, at);
        if (!text[start..].StartsWith(expected))
            return false;

        at = start + expected.Length;
        return true;
    }

    private static bool TakeText(ReadOnlySpan<byte> text, ref int at, out string? value)
    {
        value = null;
        var start = Bytes.SkipSpace(text, at);
        var reader = new Utf8JsonReader(text[start..], isFinalBlock: false, default);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                return false;
            value = reader.GetString();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }

        at = start + (int)reader.BytesConsumed;
        return true;
    }
}
