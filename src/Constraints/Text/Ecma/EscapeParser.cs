using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Text.Ecma;

/// <summary>Escapes that stand for characters, inside and outside of classes.</summary>
internal static class EscapeParser
{
    /// <summary>The characters of the escape whose backslash has been taken; null after a failure.</summary>
    /// <param name="start">Where the backslash is.</param>
    public static CodePointSet? Parse(PatternReader reader, int start)
    {
        if (reader.IsAtEnd)
            return Fail(reader, "a backslash with nothing after it", start);

        var letter = reader.Peek();
        if (CharacterClasses.Find(letter) is { } set)
        {
            reader.At++;
            return set;
        }

        return letter is 'p' or 'P' ? Property(reader, start) : Character(reader, start) is { } codePoint ? CodePointSet.Of((codePoint, codePoint)) : null;
    }

    /// <summary>The one character of the escape whose backslash has been taken; null after a failure.</summary>
    public static int? Character(PatternReader reader, int start)
    {
        var codePoint = reader.TakeCodePoint();
        switch (codePoint)
        {
            case 't': return '\t';
            case 'n': return '\n';
            case 'v': return '\v';
            case 'f': return '\f';
            case 'r': return '\r';
            case '0' when !char.IsAsciiDigit(reader.Peek()): return 0;
            case 'c' when char.IsAsciiLetter(reader.Peek()): return reader.TakeCodePoint() & 0x1F;
            case 'x' when reader.TakeHex(2) is { } value: return value;
            case 'u' when Unicode(reader) is { } value: return value;
            case < 0x80 when char.IsAsciiLetterOrDigit((char)codePoint):
                reader.Fail($"an escape that ECMA 262 does not have, \\{(char)codePoint},", start);
                return null;
            default: return codePoint;
        }
    }

    private static CodePointSet? Property(PatternReader reader, int start)
    {
        var isNegated = reader.Peek() == 'P';
        reader.At++;
        if (!reader.Take("{") || reader.TakeUntil('}') is not { } name)
            return Fail(reader, "a \\p without {property}", start);

        return UnicodeProperties.Find(name) is { } set
            ? isNegated ? set.Complement() : set
            : Fail(reader, $"the Unicode property \"{name}\", which is not known (general categories are),", start);
    }

    // \uHHHH, two of them for a surrogate pair, or \u{H...}.
    private static int? Unicode(PatternReader reader)
    {
        if (reader.Take("{"))
        {
            var digits = reader.TakeUntil('}');
            return digits is not null && int.TryParse(digits, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value) && value is >= 0 and <= 0x10FFFF ? value : null;
        }

        if (reader.TakeHex(4) is not { } unit)
            return null;

        if (!char.IsHighSurrogate((char)unit))
            return unit;

        var before = reader.At;
        if (reader.Take("\\u") && reader.TakeHex(4) is { } low && char.IsLowSurrogate((char)low))
            return char.ConvertToUtf32((char)unit, (char)low);

        reader.At = before;
        return unit;
    }

    private static CodePointSet? Fail(PatternReader reader, string problem, int at)
    {
        reader.Fail(problem, at);
        return null;
    }
}
