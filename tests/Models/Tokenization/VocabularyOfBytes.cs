using Penstock.Models.Tokenization;

namespace Penstock.Models.Tests.Tokenization;

/// <summary>A tokenizer whose tokens are what the test lists: to feed a detokenizer arbitrary pieces.</summary>
internal sealed class VocabularyOfBytes(bool stripsLeadingSpace, params byte[][] pieces) : ITokenizer
{
    public int VocabularySize => pieces.Length;

    public int? BosToken => null;

    public int? EosToken => null;

    public bool AddsBos => false;

    public bool StripsLeadingSpace => stripsLeadingSpace;

    public void Encode(ReadOnlySpan<char> text, List<int> tokens, bool addSpecial, bool parseSpecial) => throw new NotSupportedException();

    public ReadOnlySpan<byte> Bytes(int token, bool special = false) => pieces[token];

    public TokenKind Kind(int token) => TokenKind.Normal;

    public bool EndsGeneration(int token) => false;
}
