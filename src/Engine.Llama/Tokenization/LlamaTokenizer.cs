using System.Text;
using Penstock.Engine.Llama.Contexts;
using Penstock.Engine.Llama.Native;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Llama.Tokenization;

/// <summary>
/// llama.cpp's own tokenizer of a model, for vocabularies that Penstock's do not know (WordPiece, Unigram, RWKV and what comes).
/// Thread-safe; works until the model has gone, and throws afterwards.
/// </summary>
internal sealed unsafe class LlamaTokenizer : ITokenizer
{
    private const int LongestPiece = 4096;

    private readonly LlamaModel model;
    private readonly byte[][] pieces;
    private readonly byte[][] specialPieces;
    private readonly TokenKind[] kinds;
    private readonly bool[] ends;

    /// <summary>Reads what every token stands for.</summary>
    public LlamaTokenizer(LlamaModel model)
    {
        this.model = model;
        var vocabulary = NativeMethods.Vocabulary(model.Handle);
        VocabularySize = model.VocabularySize;
        BosToken = Given(NativeMethods.BosToken(vocabulary));
        EosToken = Given(NativeMethods.EosToken(vocabulary));
        AddsBos = NativeMethods.AddsBos(vocabulary);
        (pieces, specialPieces, kinds, ends) = (new byte[VocabularySize][], new byte[VocabularySize][], new TokenKind[VocabularySize], new bool[VocabularySize]);
        for (var token = 0; token < VocabularySize; token++)
        {
            kinds[token] = KindOf(NativeMethods.TokenAttributes(vocabulary, token));
            ends[token] = NativeMethods.EndsGeneration(vocabulary, token);
            pieces[token] = Piece(vocabulary, token, special: false);
            specialPieces[token] = Piece(vocabulary, token, special: true);
        }
    }

    public int VocabularySize { get; }

    public int? BosToken { get; }

    public int? EosToken { get; }

    public bool AddsBos { get; }

    /// <summary>The library gives a word's leading space with its piece, and whether the first is dropped it does not tell.</summary>
    public bool StripsLeadingSpace => false;

    public void Encode(ReadOnlySpan<char> text, List<int> tokens, bool addSpecial, bool parseSpecial)
    {
        // The library wants to know the length and an address even of nothing.
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length) + 1];
        var length = Encoding.UTF8.GetBytes(text, bytes);
        var found = new int[length + 8];
        var held = false;
        try
        {
            model.Handle.DangerousAddRef(ref held);
            var vocabulary = NativeMethods.Vocabulary(model.Handle);
            fixed (byte* start = bytes)
            {
                int count;
                while ((count = Encode(vocabulary, start, length, found, addSpecial, parseSpecial)) < 0)
                    found = count > int.MinValue ? new int[-count] : throw new InvalidOperationException("llama.cpp has more tokens for the text than it can count.");
                tokens.AddRange(found.AsSpan(0, count));
            }
        }
        finally
        {
            if (held)
                model.Handle.DangerousRelease();
        }
    }

    public ReadOnlySpan<byte> Bytes(int token, bool special = false) => (special ? specialPieces : pieces)[token];

    public TokenKind Kind(int token) => kinds[token];

    public bool EndsGeneration(int token) => ends[token];

    private static int Encode(nint vocabulary, byte* text, int length, int[] tokens, bool addSpecial, bool parseSpecial)
    {
        fixed (int* output = tokens)
            return NativeMethods.Tokenize(vocabulary, text, length, output, tokens.Length, addSpecial, parseSpecial);
    }

    private static byte[] Piece(nint vocabulary, int token, bool special)
    {
        var buffer = stackalloc byte[LongestPiece];
        return new Span<byte>(buffer, Math.Max(0, NativeMethods.TokenToPiece(vocabulary, token, buffer, LongestPiece, 0, special))).ToArray();
    }

    private static int? Given(int token) => token >= 0 ? token : null;

    // llama_token_attr: one bit for each kind, from the lowest on in this order; the bits above say how text around the token is treated.
    private static TokenKind KindOf(int attributes) => attributes switch
    {
        _ when (attributes & 8) != 0 => TokenKind.Control,
        _ when (attributes & 16) != 0 => TokenKind.UserDefined,
        _ when (attributes & 32) != 0 => TokenKind.Byte,
        _ when (attributes & 1) != 0 => TokenKind.Unknown,
        _ when (attributes & 2) != 0 => TokenKind.Unused,
        _ when (attributes & 4) != 0 => TokenKind.Normal,
        _ => TokenKind.Undefined,
    };
}
