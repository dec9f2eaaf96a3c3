using System.Text;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Tests.Fakes;

/// <summary>A token is a byte; then comes the end, then control tokens with the given texts.</summary>
internal sealed class MarkerTokenizer(params string[] markers) : ITokenizer
{
    public const int End = 256;

    private readonly byte[][] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte[])[(byte)value]), [], .. markers.Select(Encoding.UTF8.GetBytes)];

    public int VocabularySize => bytes.Length;

    public int? BosToken => null;

    public int? EosToken => End;

    public bool AddsBos => false;

    public bool StripsLeadingSpace => false;

    public void Encode(ReadOnlySpan<char> text, List<int> tokens, bool addSpecial, bool parseSpecial)
    {
        while (!text.IsEmpty)
        {
            var rest = text.ToString();
            var marker = parseSpecial ? Array.FindIndex(markers, marker => rest.StartsWith(marker, StringComparison.Ordinal)) : -1;
            if (marker >= 0)
                tokens.Add(End + 1 + marker);
            else
                tokens.AddRange(Encoding.UTF8.GetBytes([text[0]]).Select(value => (int)value));
            text = text[(marker < 0 ? 1 : markers[marker].Length)..];
        }
    }

    public ReadOnlySpan<byte> Bytes(int token, bool special = false) => token <= End || special ? bytes[token] : [];

    public TokenKind Kind(int token) => token < 256 ? TokenKind.Byte : TokenKind.Control;

    public bool EndsGeneration(int token) => token == End;
}
