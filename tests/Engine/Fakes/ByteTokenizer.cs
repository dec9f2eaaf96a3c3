using Penstock.Models.Tokenization;

namespace Penstock.Engine.Tests.Fakes;

/// <summary>A token is a byte; the ids after 255 are control tokens, the first of which ends a generation.</summary>
internal sealed class ByteTokenizer(int vocabularySize = 258) : ITokenizer
{
    public const int End = 256;

    private static readonly byte[] All = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    public int VocabularySize { get; } = vocabularySize;

    /// <summary>Texts that it was given.</summary>
    public int Encoded { get; private set; }

    public int? BosToken => null;

    public int? EosToken => End;

    public bool AddsBos => false;

    public bool StripsLeadingSpace => false;

    public void Encode(ReadOnlySpan<char> text, List<int> tokens, bool addSpecial, bool parseSpecial)
    {
        Encoded++;
        foreach (var value in System.Text.Encoding.UTF8.GetBytes(text.ToArray()))
            tokens.Add(value);
    }

    public ReadOnlySpan<byte> Bytes(int token, bool special = false) => token < 256 ? All.AsSpan(token, 1) : [];

    public TokenKind Kind(int token) => token < 256 ? TokenKind.Byte : TokenKind.Control;

    public bool EndsGeneration(int token) => token == End;
}
