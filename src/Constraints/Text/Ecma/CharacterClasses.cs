using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Text.Ecma;

/// <summary>The classes that have a letter, as ECMA 262 has them with the <c>u</c> flag: digits and words are ASCII.</summary>
internal static class CharacterClasses
{
    public static readonly CodePointSet Digit = CodePointSet.Of(('0', '9'));

    public static readonly CodePointSet Word = CodePointSet.Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    /// <summary>WhiteSpace and LineTerminator: controls, U+FEFF and every space separator.</summary>
    public static readonly CodePointSet Space = CodePointSet.Of(
        (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF));

    /// <summary>What a dot matches without the <c>s</c> flag: all but LineTerminator.</summary>
    public static readonly CodePointSet Dot = CodePointSet.Of((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)).Complement();

    private static readonly CodePointSet NotDigit = Digit.Complement();
    private static readonly CodePointSet NotWord = Word.Complement();
    private static readonly CodePointSet NotSpace = Space.Complement();

    /// <summary>The set of an escaped letter, or null where it names none.</summary>
    public static CodePointSet? Find(char letter) => letter switch
    {
        'd' => Digit,
        'D' => NotDigit,
        'w' => Word,
        'W' => NotWord,
        's' => Space,
        'S' => NotSpace,
        _ => null,
    };
}
