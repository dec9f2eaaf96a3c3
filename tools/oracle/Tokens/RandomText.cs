using System.Text;

namespace Penstock.Tools.Oracle.Tokens;

/// <summary>Text that visits the corners of pre-tokenizers: pieces of words, numbers, spaces, punctuation, scripts, and any code point at all.</summary>
internal sealed class RandomText(int seed, IReadOnlyList<string> specials)
{
    private static readonly string[] Pieces =
    [
        " ", "  ", "   ", "\n", "\n\n", "\r\n", "\r", "\t", "\u00A0", "\u3000", "\u2028", "\u0085", "'s", "'S", "'re", "'VE", "'ll", "'", "n't", "’s",
        "a", "Z", "hello", "World", "HTTPServer", "iPhone", "ÄÖÜ", "straße", "naïve", "Ωmega", "дом", "Мир", "日本語", "你好", "カタカナ", "ひらがな", "한국어", "עברית", "العربية", "हिन्दी", "ไทย", "ǅ",
        "1", "12", "123", "1234", "1234567", "٣", "²", "½", "Ⅳ", "𝟙", ".", ",", "!", "?", "...", "$", "+", "<", "=", ">", "^", "~", "|", "`", "(", ")", "[", "]", "{", "}", "\"", "#", "%", "&", "*", "/", "\\", "_", "-", "@", ":", ";",
        "。", "、", "！", "？", "…", "“", "”", "€", "©", "™", "→", "🦙", "👩‍👩‍👧", "🏳️‍🌈", "𐐀𐐨", "𠮷", "𪚥", "丽", "e\u0301", "\u0301", "\u200D", "\uFEFF", "\u0000", "\u0001", "\u001C", "\u007F", "\u0378", "\uE000", "\uFFFD", "\u1E900", "𞤀", "ƻ", "IMGIMGABCZ", "<sentinel:12>",
    ];

    private readonly Random random = new(seed);

    /// <summary>The next text, of up to that many pieces.</summary>
    public string Next(int pieces)
    {
        var text = new StringBuilder();
        for (var count = random.Next(1, pieces + 1); count > 0; count--)
        {
            var kind = random.Next(20);
            if (kind == 0)
                text.Append(AnyRune());
            else if (kind == 1 && specials.Count > 0)
                text.Append(specials[random.Next(specials.Count)]);
            else if (kind < 6)
                text.Append((char)random.Next(32, 127));
            else
                text.Append(Pieces[random.Next(Pieces.Length)]);
        }

        return text.ToString();
    }

    private Rune AnyRune()
    {
        int[] ends = [0x100, 0x800, 0x3000, 0x10000, 0x20000, 0x110000];
        while (true)
        {
            if (Rune.TryCreate(random.Next(ends[random.Next(ends.Length)]), out var rune))
                return rune;
        }
    }
}
