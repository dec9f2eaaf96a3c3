namespace Penstock.Constraints.Text;

/// <summary>A set of characters as masks need it: each ASCII character by itself, all others together or not at all.</summary>
/// <param name="Ascii">Bit n is character n.</param>
/// <param name="AllNonAscii">Whether every code point above U+007F (surrogates are none) is in the set.</param>
public readonly record struct CharacterSet(UInt128 Ascii, bool AllNonAscii)
{
    public bool IsEmpty => Ascii == UInt128.Zero && !AllNonAscii;

    public bool HasAscii(byte character) => character < 0x80 && ((Ascii >> character) & UInt128.One) != UInt128.Zero;
}
