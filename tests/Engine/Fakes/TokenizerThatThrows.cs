using Penstock.Models.Tokenization;

namespace Penstock.Engine.Tests.Fakes;

/// <summary>Bytes as tokens; one of them cannot be detokenized.</summary>
internal sealed class TokenizerThatThrows(int vocabulary, int poison) : ITokenizer
{
    private readonly ByteTokenizer inner = new(vocabulary);

    public int VocabularySize => inner.VocabularySize;

    public int? BosToken => inner.BosToken;

    public int? EosToken => inner.EosToken;

    public bool AddsBos => inner.AddsBos;

    public bool StripsLeadingSpace => inner.StripsLeadingSpace;

    public void Encode(ReadOnlySpan<char> text, List<int> tokens, bool addSpecial, bool parseSpecial) => inner.Encode(text, tokens, addSpecial, parseSpecial);

    public ReadOnlySpan<byte> Bytes(int token, bool special = false) => inner.Bytes(token, special);

    public TokenKind Kind(int token) => inner.Kind(token);

    public bool EndsGeneration(int token) => token == poison ? throw new InvalidDataException("planted") : inner.EndsGeneration(token);
}
