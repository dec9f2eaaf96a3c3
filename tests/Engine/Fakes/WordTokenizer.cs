using System.Text;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Tests.Fakes;

/// <summary>Token i is the ith word.</summary>
internal sealed class WordTokenizer(params string[] words) : ITokenizer
{
    private readonly byte[][] bytes = [.. words.Select(Encoding.UTF8.GetBytes)];

    public int VocabularySize => bytes.Length;

    public int? BosToken => null;

    public int? EosToken => null;

    public bool AddsBos => false;

    public bool StripsLeadingSpace => false;

    public void Encode(ReadOnlySpan<char> text, List<int> tokens, bool addSpecial, bool parseSpecial)
    {
        if (!text.IsEmpty)
            tokens.Add(0);
    }

    public ReadOnlySpan<byte> Bytes(int token, bool special = false) => bytes[token];

    public TokenKind Kind(int token) => TokenKind.Normal;

    public bool EndsGeneration(int token) => false;
}
