using System.Buffers;
using System.Globalization;

namespace Penstock.Models.Tokenization.PreTokenization;

/// <summary>
/// Text with one UTF-16 unit for each code point, which is what the patterns of <see cref="PreTokenizerRules"/> are written for:
/// a code point beyond the basic plane is replaced by a character of the basic plane that every pattern treats alike. Also the
/// few that Unicode assigned after version 15.1, llama.cpp's, are replaced by unassigned ones.
/// </summary>
internal static class CodePointText
{
    /// <summary>A letter, of no script that a pattern names.</summary>
    public const char Letter = 'ƻ';

    private const char CasedLetter = 'Ā';
    private const char Number = '²';
    private const char Mark = '\u0300';
    private const char Punctuation = '§';
    private const char Symbol = '©';
    private const char Unassigned = '\uFFFE';

    /// <summary>Unassigned characters before and behind Han, for such of the basic plane: they are in the same wide ranges of some patterns.</summary>
    private const char UnassignedBeforeHan = '\u0FFF';
    private const char UnassignedBehindHan = '\uA6FF';

    /// <summary>Assigned in Unicode 16, in the basic plane; .NET knows them, llama.cpp does not.</summary>
    private static readonly SearchValues<char> Replaced = SearchValues.Create(
        [.. "\u0897\u1B4E\u1B4F\u1B7F\u1C89\u1C8A\u2427\u2428\u2429\u31E4\u31E5\uA7CB\uA7CC\uA7CD\uA7DA\uA7DB\uA7DC", .. Enumerable.Range(0xD800, 0x800).Select(unit => (char)unit)]);

    /// <summary>The same beyond the basic plane, first and last; what lies between and is unassigned still is none the worse for it.</summary>
    private static readonly (int First, int Last)[] AstralAfter151 =
    [
        (0x105C0, 0x105F3), (0x10D40, 0x10D8F), (0x10EC2, 0x10EC4), (0x10EFC, 0x10EFC), (0x11380, 0x113E2), (0x116D0, 0x116E3),
        (0x11BC0, 0x11BF9), (0x11F5A, 0x11F5A), (0x13460, 0x143FA), (0x16100, 0x16139), (0x16D40, 0x16D79), (0x18CFF, 0x18CFF),
        (0x1CC00, 0x1CEB3), (0x1E5D0, 0x1E5FF), (0x1F8B2, 0x1F8C1), (0x1FA89, 0x1FA89), (0x1FA8F, 0x1FA8F), (0x1FABE, 0x1FABE),
        (0x1FAC6, 0x1FAC6), (0x1FADC, 0x1FADC), (0x1FADF, 0x1FADF), (0x1FAE9, 0x1FAE9), (0x1FBCB, 0x1FBEF),
    ];

    /// <summary>The letters of bicameral scripts that DeepSeek's pattern lists.</summary>
    private static readonly (int First, int Last)[] AstralCased =
        [(0x10400, 0x1044F), (0x104B0, 0x104D3), (0x104D8, 0x104FB), (0x10C80, 0x10CB2), (0x10CC0, 0x10CF2), (0x118A0, 0x118DF), (0x1E900, 0x1E943)];

    private static readonly (int First, int Last)[] Han = [(0x20000, 0x2A6DF), (0x2A700, 0x2EBEF), (0x2F800, 0x2FA1F)];

    /// <summary>Whether <see cref="Write"/> would change anything; most text is its own code point text.</summary>
    public static bool Differs(ReadOnlySpan<char> text) => text.ContainsAny(Replaced);

    /// <summary>Writes the code point text of well-formed UTF-16.</summary>
    /// <param name="destination">At least as long as <paramref name="text"/>.</param>
    /// <returns>Code points written.</returns>
    public static int Write(ReadOnlySpan<char> text, Span<char> destination, char astralHan)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length)
                destination[count++] = Astral(char.ConvertToUtf32(text[i], text[++i]), astralHan);
            else
                destination[count++] = Replaced.Contains(text[i]) ? (text[i] < '一' ? UnassignedBeforeHan : UnassignedBehindHan) : text[i];
        }

        return count;
    }

    private static char Astral(int codePoint, char astralHan)
    {
        if (In(AstralAfter151, codePoint))
            return Unassigned;
        if (In(Han, codePoint))
            return CharUnicodeInfo.GetUnicodeCategory(codePoint) == UnicodeCategory.OtherLetter ? astralHan : Unassigned;
        if (In(AstralCased, codePoint))
            return CasedLetter;
        return CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            <= UnicodeCategory.OtherLetter => Letter,
            <= UnicodeCategory.EnclosingMark => Mark,
            <= UnicodeCategory.OtherNumber => Number,
            >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation => Punctuation,
            >= UnicodeCategory.MathSymbol and <= UnicodeCategory.OtherSymbol => Symbol,
            _ => Unassigned,
        };
    }

    private static bool In((int First, int Last)[] ranges, int codePoint)
    {
        foreach (var (first, last) in ranges)
        {
            if (codePoint <= last)
                return codePoint >= first;
        }

        return false;
    }
}
