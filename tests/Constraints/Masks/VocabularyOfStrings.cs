using System.Text;
using Penstock.Models.Tokenization;

namespace Penstock.Constraints.Tests.Masks;

/// <summary>A vocabulary of given byte strings; the last token ends the generation, the one before it is a control token. Encodes greedily.</summary>
internal sealed class VocabularyOfStrings(params byte[][] texts) : ITokenizer
{
    public static VocabularyOfStrings Of(params string[] texts) => new([.. texts.Select(Encoding.UTF8.GetBytes)]);

    public int VocabularySize => texts.Length + 2;

    public int Control => texts.Length;

    public int End => texts.Length + 1;

    public int? BosToken => null;

    public int? EosToken => End;

    public bool AddsBos => false;

    public bool StripsLeadingSpace { get; init; }

    public void Encode(ReadOnlySpan<char> text, List<int> tokens, bool addSpecial, bool parseSpecial)
    {
        var rest = Encoding.UTF8.GetBytes(text.ToString());
        while (rest.Length > 0)
        {
            var longest = Enumerable.Range(0, texts.Length).Where(token => rest.AsSpan().StartsWith(texts[token])).MaxBy(token => texts[token].Length);
            tokens.Add(longest);
            rest = rest[texts[longest].Length..];
        }
    }

    public ReadOnlySpan<byte> Bytes(int token, bool special = false) => token < texts.Length ? texts[token] : special ? "<control>"u8 : [];

    public TokenKind Kind(int token) => token < texts.Length ? TokenKind.Normal : TokenKind.Control;

    public bool EndsGeneration(int token) => token == End;

    public int IdOf(string text) => Array.FindIndex(texts, bytes => bytes.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text)));
}
