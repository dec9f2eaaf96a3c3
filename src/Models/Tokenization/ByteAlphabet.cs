using System.Collections.Frozen;

namespace Penstock.Models.Tokenization;

/// <summary>
/// GPT-2's alphabet for bytes: a printable Latin-1 byte is written as its own character, the others as U+0100 onwards, so that
/// every token is readable text (Radford et al. 2019, <c>bytes_to_unicode</c>).
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = MakeCharacters();
    private static readonly FrozenDictionary<char, byte> Values = Characters.Select((character, value) => (character, value)).ToFrozenDictionary(pair => pair.character, pair => (byte)pair.value);

    /// <summary>How a byte is written.</summary>
    public static char Character(byte value) => Characters[value];

    /// <summary>The bytes that a token's text stands for, or null when a character is not of the alphabet.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            if (!Values.TryGetValue(text[i], out bytes[i]))
                return null;
        }

        return bytes;
    }

    private static char[] MakeCharacters()
    {
        var characters = new char[256];
        var next = 'Ā';
        for (var value = 0; value < 256; value++)
            characters[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)value : next++;
        return characters;
    }
}
