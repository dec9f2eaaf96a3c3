using System.Globalization;
using System.Text;

namespace Penstock.Constraints.Text.Ecma;

/// <summary>A pattern's code points and the first error found in it.</summary>
internal sealed class PatternReader(string text)
{
    public int At { get; set; }

    /// <summary>Why the pattern is refused, or null.</summary>
    public string? Error { get; private set; }

    public bool IsAtEnd => At >= text.Length;

    /// <summary>The UTF-16 unit ahead by so many, or '\0' past the end.</summary>
    public char Peek(int ahead = 0) => At + ahead < text.Length ? text[At + ahead] : '\0';

    public bool Take(string expected)
    {
        if (!text.AsSpan(At).StartsWith(expected, StringComparison.Ordinal))
            return false;

        At += expected.Length;
        return true;
    }

    /// <summary>The next code point: a surrogate that has no partner stands for itself.</summary>
    public int TakeCodePoint()
    {
        if (Rune.TryGetRuneAt(text, At, out var rune))
        {
            At += rune.Utf16SequenceLength;
            return rune.Value;
        }

        return text[At++];
    }

    /// <summary>A decimal number, up to <see cref="int.MaxValue"/>; null where there is none.</summary>
    public int? TakeNumber()
    {
        var start = At;
        var value = 0L;
        for (; char.IsAsciiDigit(Peek()); At++)
            value = Math.Min((value * 10) + (Peek() - '0'), int.MaxValue);

        return At > start ? (int)value : null;
    }

    /// <summary>A hexadecimal number of exactly so many digits.</summary>
    public int? TakeHex(int digits)
    {
        if (At + digits > text.Length || !int.TryParse(text.AsSpan(At, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return null;

        At += digits;
        return value;
    }

    /// <summary>What stands before a character, which is taken too; null where it does not come.</summary>
    public string? TakeUntil(char end)
    {
        var index = text.IndexOf(end, At);
        if (index < 0)
            return null;

        var taken = text[At..index];
        At = index + 1;
        return taken;
    }

    /// <summary>Keeps the first fault and where it is; always null, so that it can be returned.</summary>
    public PatternTree? Fail(string problem, int? at = null)
    {
        Error ??= $"{problem} at character {(at ?? At) + 1}";
        return null;
    }
}
