using System.Text;
using Penstock.Models.Tokenization;

namespace Penstock.Benchmarks.Engine;

/// <summary>A vocabulary of made-up word pieces of three to eight letters.</summary>
internal sealed class WordPieces : ITokenizer
{
    private readonly byte[][] pieces;

    public WordPieces(int vocabularySize)
    {
        var random = new Random(2);
        pieces = [.. Enumerable.Range(0, vocabularySize).Select(_ => Encoding.UTF8.GetBytes(
            " " + string.Concat(Enumerable.Range(0, random.Next(2, 8)).Select(_ => (char)random.Next('a', 'z' + 1)))))];
    }

    public int VocabularySize => pieces.Length;

    public int? BosToken => null;

    public int? EosToken => null;

    public bool AddsBos => false;

    public bool StripsLeadingSpace => false;

    public void Encode(ReadOnlySpan<char> text, List<int> tokens, bool addSpecial, bool parseSpecial)
    {
        for (var i = 0; i < text.Length; i++)
            tokens.Add(text[i] % pieces.Length);
    }

    public ReadOnlySpan<byte> Bytes(int token, bool special = false) => pieces[token];

    public TokenKind Kind(int token) => TokenKind.Normal;

    public bool EndsGeneration(int token) => false;
}
