using System.Globalization;
using Penstock.Constraints.Json.Machine.Texts;

namespace Penstock.Constraints.Json.Machine.Scanning;

/// <summary>An escape that is being read, one UTF-16 unit at a time.</summary>
/// <param name="Phase">What was read last.</param>
/// <param name="Unit">The hexadecimal digits so far.</param>
/// <param name="Digits">How many they are.</param>
/// <param name="High">The high surrogate that came before, or 0.</param>
internal readonly record struct Escape(EscapePhase Phase, int Unit = 0, int Digits = 0, int High = 0)
{
    /// <summary>The escape after one more byte; null where there is none. With <see cref="EscapePhase.None"/> a character is complete and in <paramref name="codePoint"/>.</summary>
    public Escape? Step(byte value, out int codePoint)
    {
        codePoint = -1;
        switch (Phase)
        {
            case EscapePhase.Backslash when value == 'u':
            case EscapePhase.SecondBackslash when value == 'u':
                return new(EscapePhase.Hex, 0, 0, High);
            case EscapePhase.Backslash:
                codePoint = Single(value);
                return codePoint < 0 ? null : default(Escape);
            case EscapePhase.High:
                return value == '\\' ? this with { Phase = EscapePhase.SecondBackslash } : null;
            case EscapePhase.Hex when char.IsAsciiHexDigit((char)value):
                var unit = (Unit << 4) | Convert.ToInt32(((char)value).ToString(), 16);
                return Digits < 3 ? this with { Unit = unit, Digits = Digits + 1 } : Whole(unit, out codePoint);
            default:
                return null;
        }
    }

    /// <summary>A character that the escape can become and a text can go on with, or -1.</summary>
    public int Find(MachineContext context, TextTarget target)
    {
        switch (Phase)
        {
            case EscapePhase.Backslash:
                return CodePoints.Find(context, target, 0, CodePoints.Last);
            case EscapePhase.High or EscapePhase.SecondBackslash:
                return FindLow(context, target, 0xDC00, 0xDFFF);
        }

        var shift = 4 * (4 - Digits);
        var (first, last) = (Unit << shift, ((Unit + 1) << shift) - 1);
        if (High != 0)
            return FindLow(context, target, Math.Max(first, 0xDC00), Math.Min(last, 0xDFFF));

        var found = CodePoints.Find(context, target, first, last);
        if (found >= 0)
            return found;

        var (from, to) = (Math.Max(first, 0xD800), Math.Min(last, 0xDBFF));
        return from > to ? -1 : CodePoints.Find(context, target, Pair(from, 0xDC00), Pair(to, 0xDFFF));
    }

    /// <summary>What is missing until the escape has become a character.</summary>
    public string RestOf(int codePoint)
    {
        var units = char.ConvertFromUtf32(codePoint);
        var last = ((int)units[^1]).ToString("x4", CultureInfo.InvariantCulture);
        return Phase switch
        {
            EscapePhase.Backslash when units.Length == 1 => "u" + last,
            EscapePhase.Backslash => $"u{((int)units[0]).ToString("x4", CultureInfo.InvariantCulture)}\\u{last}",
            EscapePhase.High => "\\u" + last,
            EscapePhase.SecondBackslash => "u" + last,
            _ when High != 0 || units.Length == 1 => last[Digits..],
            _ => $"{((int)units[0]).ToString("x4", CultureInfo.InvariantCulture)[Digits..]}\\u{last}",
        };
    }

    private static int Single(byte value) => value switch
    {
        (byte)'"' or (byte)'\\' or (byte)'/' => value,
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        _ => -1,
    };

    private static int Pair(int high, int low) => 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);

    private int FindLow(MachineContext context, TextTarget target, int first, int last) =>
        first > last ? -1 : CodePoints.Find(context, target, Pair(High, first), Pair(High, last));

    private Escape? Whole(int unit, out int codePoint)
    {
        codePoint = -1;
        if (High != 0)
        {
            if (unit is < 0xDC00 or > 0xDFFF)
                return null;

            codePoint = Pair(High, unit);
            return default(Escape);
        }

        if (unit is >= 0xD800 and <= 0xDBFF)
            return new(EscapePhase.High, High: unit);

        // A low surrogate alone is no character.
        if (unit is >= 0xDC00 and <= 0xDFFF)
            return null;

        codePoint = unit;
        return default(Escape);
    }
}
