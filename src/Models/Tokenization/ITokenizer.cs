namespace Penstock.Models.Tokenization;

/// <summary>Text to token ids and back, exactly as llama.cpp does for the same GGUF file. Immutable and thread-safe.</summary>
public interface ITokenizer
{
    /// <summary>Number of token ids; ids run from 0.</summary>
    int VocabularySize { get; }

    /// <summary>Beginning-of-sequence token, or null where the vocabulary has none.</summary>
    int? BosToken { get; }

    /// <summary>End-of-sequence token, or null.</summary>
    int? EosToken { get; }

    /// <summary>Whether a raw prompt begins with <see cref="BosToken"/> (<c>tokenizer.ggml.add_bos_token</c>).</summary>
    bool AddsBos { get; }

    /// <summary>Appends the ids of <paramref name="text"/> to <paramref name="tokens"/>.</summary>
    /// <param name="text">Any UTF-16; a lone surrogate is encoded as U+FFFD.</param>
    /// <param name="tokens">Appended to, never cleared.</param>
    /// <param name="addSpecial">Add the vocabulary's BOS/EOS as its metadata says.</param>
    /// <param name="parseSpecial">Recognise control tokens such as <c>&lt;|im_end|&gt;</c> written in the text.</param>
    void Encode(ReadOnlySpan<char> text, List<int> tokens, bool addSpecial, bool parseSpecial);

    /// <summary>The bytes that a token stands for in the output; control tokens give none unless <paramref name="special"/>.</summary>
    /// <remarks>Possibly part of a UTF-8 character. For SentencePiece the leading space of a word is included; see <see cref="StripsLeadingSpace"/>.</remarks>
    ReadOnlySpan<byte> Bytes(int token, bool special = false);

    /// <summary>SentencePiece vocabularies that add a space in front of a text drop it again in front of the decoded text.</summary>
    bool StripsLeadingSpace { get; }

    /// <summary>What kind of token this is.</summary>
    TokenKind Kind(int token);

    /// <summary>Whether sampling this token ends the generation (EOS, EOT, EOM and their like).</summary>
    bool EndsGeneration(int token);
}
