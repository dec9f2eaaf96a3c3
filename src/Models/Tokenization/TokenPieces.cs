using System.Globalization;
using System.Text;

namespace Penstock.Models.Tokenization;

/// <summary>The bytes of every token, one after another in one array.</summary>
internal sealed class TokenPieces
{
    private readonly byte[] bytes;
    private readonly int[] ends;

    /// <param name="tokens">The tokens' texts by id.</param>
    /// <param name="kinds">Their kinds by id.</param>
    /// <param name="byteLevel">Whether normal tokens are written in GPT-2's alphabet; otherwise with U+2581 for a space.</param>
    public TokenPieces(IReadOnlyList<string> tokens, ReadOnlySpan<TokenKind> kinds, bool byteLevel)
    {
        ends = new int[tokens.Count];
        var buffer = new MemoryStream();
        for (var id = 0; id < tokens.Count; id++)
        {
            buffer.Write(kinds[id] switch
            {
                TokenKind.Normal when byteLevel => ByteAlphabet.Decode(tokens[id]) ?? Encoding.UTF8.GetBytes(tokens[id]),
                TokenKind.Normal => Encoding.UTF8.GetBytes(tokens[id].Replace(SentencePieceEncoder.Space, ' ')),
                TokenKind.Control or TokenKind.Unknown or TokenKind.UserDefined => Encoding.UTF8.GetBytes(tokens[id]),
                TokenKind.Byte when tokens[id] is ['<', '0', 'x', _, _, '>'] && byte.TryParse(tokens[id].AsSpan(3, 2), NumberStyles.HexNumber, null, out var value) => [value],
                _ => [],
            });
            ends[id] = (int)buffer.Length;
        }

        bytes = buffer.ToArray();
    }

    public ReadOnlySpan<byte> this[int token]
    {
        get
        {
            var start = token == 0 ? 0 : ends[token - 1];
            return bytes.AsSpan(start, ends[token] - start);
        }
    }
}
