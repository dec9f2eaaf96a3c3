using System.Text;
using Penstock.Models.Gguf;
using Penstock.Models.Tokenization.PreTokenization;

namespace Penstock.Models.Tokenization;

/// <summary>Makes the tokenizer of a GGUF file.</summary>
public static class TokenizerFactory
{
    /// <summary>Ids that llama.cpp takes where a byte-level vocabulary names none (Falcon's).</summary>
    private static readonly (int? Bos, int? Eos, int? Unknown) ByteLevelDefaults = (11, 11, null);

    /// <summary>The same for SentencePiece (Llama's).</summary>
    private static readonly (int? Bos, int? Eos, int? Unknown) SentencePieceDefaults = (1, 2, 0);

    /// <summary>The pre-tokenizers of byte-level vocabularies (<c>tokenizer.ggml.pre</c>) that are known, in order.</summary>
    public static IEnumerable<string> PreTokenizers => PreTokenizerRules.Names;

    /// <summary>Reads the vocabulary; the file may be closed afterwards.</summary>
    /// <exception cref="GgufException">There is no vocabulary, it does not fit together, or it is of a kind that Penstock does not know; the message names the kind.</exception>
    public static ITokenizer FromGguf(GgufFile file) => From(VocabularyMetadata.Read(file));

    internal static ITokenizer From(VocabularyMetadata metadata) => metadata.Model switch
    {
        "gpt2" => ByteLevel(metadata),
        "llama" => SentencePiece(metadata),
        _ => throw new GgufException(
            metadata.Path, $"its tokenizer is of the kind '{GgufName.Printable(metadata.Model)}', which Penstock does not know", "Use a model with a byte-level BPE (gpt2) or SentencePiece BPE (llama) vocabulary."),
    };

    private static Tokenizer ByteLevel(VocabularyMetadata metadata)
    {
        var name = metadata.PreTokenizer ?? "default";
        var rule = PreTokenizerRules.Find(name) ?? throw new GgufException(
            metadata.Path, $"its pre-tokenizer '{GgufName.Printable(name)}' is not known", $"Use a model with one of: {string.Join(", ", PreTokenizerRules.Names)}.");
        if (metadata.Merges.IsEmpty)
            throw new GgufException(metadata.Path, "its byte-level BPE vocabulary has no merges (tokenizer.ggml.merges)", "Convert the model again with a current converter.");

        var byText = ByText(metadata.Tokens);
        var encoder = new BytePairEncoder(rule, metadata.Tokens.Length, byText, metadata.Merges);
        var defaults = rule.HasNoBos ? ByteLevelDefaults with { Bos = null } : ByteLevelDefaults;
        return Build(metadata, encoder, byText, defaults, byteLevel: true, addsBos: rule.AddsBos, addsSpacePrefix: false);
    }

    private static Tokenizer SentencePiece(VocabularyMetadata metadata)
    {
        var byText = ByText(metadata.Tokens);
        var addsSpacePrefix = metadata.AddsSpacePrefix ?? true;
        var unknown = metadata.Ids.TryGetValue("unknown_token_id", out var id) ? id : SentencePieceDefaults.Unknown;
        var encoder = new SentencePieceEncoder(metadata.Tokens, metadata.Scores, byText, unknown < metadata.Tokens.Length ? unknown : null, addsSpacePrefix);
        return Build(metadata, encoder, byText, SentencePieceDefaults, byteLevel: false, addsBos: true, addsSpacePrefix);
    }

    private static Tokenizer Build(
        VocabularyMetadata metadata, ITextEncoder encoder, Dictionary<string, int> byText, (int? Bos, int? Eos, int? Unknown) defaults, bool byteLevel, bool addsBos, bool addsSpacePrefix)
    {
        var kinds = new TokenKind[metadata.Tokens.Length];
        for (var id = 0; id < kinds.Length; id++)
            kinds[id] = metadata.Kinds.IsEmpty ? TokenKind.Normal : Kind(metadata.Kinds[id]);

        var special = SpecialTokens.Find(metadata, byText, defaults, kinds);
        return new Tokenizer(encoder, new SpecialTokenSplitter(Found(metadata, byText, kinds)), special, new TokenPieces(metadata.Tokens, kinds, byteLevel), kinds)
        {
            AddsBos = metadata.AddsBos ?? addsBos,
            AddsEos = metadata.AddsEos ?? false,
            StripsLeadingSpace = metadata.AddsSpacePrefix ?? addsSpacePrefix,
        };
    }

    /// <summary>The tokens that are found in text as they are written, with what a few models' tokenizers say about white space and GGUF does not.</summary>
    private static List<SpecialToken> Found(VocabularyMetadata metadata, Dictionary<string, int> byText, TokenKind[] kinds)
    {
        var isPhi3 = metadata.Name.Contains("phi-3", StringComparison.OrdinalIgnoreCase) || metadata.Name.Contains("phi3", StringComparison.OrdinalIgnoreCase);
        var masksStripLeft = metadata.PreTokenizer is { } pre && (pre.Contains("jina-v2-de") || pre.Contains("jina-v2-es") || pre.Contains("jina-v2-code"));
        var found = new List<SpecialToken>();
        foreach (var (text, id) in byText)
        {
            if (kinds[id] is TokenKind.Control or TokenKind.UserDefined or TokenKind.Unknown && text.Length > 0)
            {
                found.Add(new SpecialToken(
                    id,
                    text,
                    Encoding.UTF8.GetByteCount(text),
                    AlwaysFound: kinds[id] == TokenKind.UserDefined,
                    StripsLeft: masksStripLeft && text == "<mask>",
                    StripsRight: isPhi3 && text is not ("<unk>" or "<s>" or "<|endoftext|>")));
            }
        }

        return found;
    }

    /// <summary>Ids by text; of two tokens with one text the later counts. A token without text cannot be found in any.</summary>
    private static Dictionary<string, int> ByText(IReadOnlyList<string> tokens)
    {
        var byText = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        for (var id = 0; id < tokens.Count; id++)
        {
            if (tokens[id].Length > 0)
                byText[tokens[id]] = id;
        }

        return byText;
    }

    private static TokenKind Kind(int value) => value is >= (int)TokenKind.Normal and <= (int)TokenKind.Byte ? (TokenKind)value : TokenKind.Undefined;
}
