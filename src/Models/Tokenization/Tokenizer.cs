using System.Buffers;
using System.Text;

namespace Penstock.Models.Tokenization;

/// <summary>A vocabulary's tokenizer: special tokens are found first, the text between them is encoded.</summary>
internal sealed class Tokenizer : ITokenizer
{
    private readonly ITextEncoder encoder;
    private readonly SpecialTokenSplitter splitter;
    private readonly SpecialTokens special;
    private readonly TokenPieces pieces;
    private readonly TokenKind[] kinds;

    public Tokenizer(ITextEncoder encoder, SpecialTokenSplitter splitter, SpecialTokens special, TokenPieces pieces, TokenKind[] kinds)
    {
        this.encoder = encoder;
        this.splitter = splitter;
        this.special = special;
        this.pieces = pieces;
        this.kinds = kinds;
    }

    public int VocabularySize => kinds.Length;

    public int? BosToken => special.Bos;

    public int? EosToken => special.Eos;

    public required bool AddsBos { get; init; }

    /// <summary>Whether a raw prompt ends with EOS.</summary>
    public required bool AddsEos { get; init; }

    public required bool StripsLeadingSpace { get; init; }

    public void Encode(ReadOnlySpan<char> text, List<int> tokens, bool addSpecial, bool parseSpecial)
    {
        if (addSpecial && AddsBos && BosToken is { } bos)
            tokens.Add(bos);

        var wellFormed = WellFormed(text);
        var done = 0;
        foreach (var (token, start, end) in splitter.Find(wellFormed, parseSpecial))
        {
            if (start > done)
                encoder.Encode(wellFormed[done..start], tokens);
            tokens.Add(token.Id);
            done = end;
        }

        if (done < wellFormed.Length)
            encoder.Encode(wellFormed[done..], tokens);
        if (addSpecial && AddsEos && EosToken is { } eos)
            tokens.Add(eos);
    }

    public ReadOnlySpan<byte> Bytes(int token, bool special = false) =>
        !special && kinds[token] is (TokenKind.Control or TokenKind.Unknown) ? [] : pieces[token];

    public TokenKind Kind(int token) => kinds[token];

    public bool EndsGeneration(int token) => special.EndsGeneration.Contains(token);

    /// <summary>The text with U+FFFD for every lone surrogate; without any, the same memory.</summary>
    private static ReadOnlySpan<char> WellFormed(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0 && at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at]))
                continue;
            if (Rune.DecodeFromUtf16(text[at..], out _, out var units) != OperationStatus.Done)
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
            at += units - 1;
        }

        return text;
    }
}
