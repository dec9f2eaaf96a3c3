using Penstock.Models.Tokenization;

namespace Penstock.Constraints.Masks;

/// <summary>
/// A vocabulary as a trie over its tokens' bytes. Tokens with the same bytes share a node; tokens that are part of a UTF-8 character are tokens like others.
/// Thread-safe; one for each model and set of shown control tokens.
/// </summary>
/// <remarks>About 5 MB for 102,400 tokens, and 1 MB for each of at most 32 loop classes.</remarks>
public sealed class VocabularyTrie
{
    private readonly int[] endTokens;

    /// <param name="tokenizer">Whose tokens. Bytes are taken as they appear in the output, with the space in front of a SentencePiece word.</param>
    /// <param name="shownControlTokens">Control tokens that are written into the text (markers of reasoning and tool calls); all others are left out.</param>
    public VocabularyTrie(ITokenizer tokenizer, IReadOnlySet<int>? shownControlTokens = null)
    {
        (Tokenizer, Shown) = (tokenizer, shownControlTokens);
        VocabularySize = tokenizer.VocabularySize;
        endTokens = [.. Enumerable.Range(0, VocabularySize).Where(tokenizer.EndsGeneration)];

        var bytes = new MemoryStream();
        var slices = new List<ByteStrings.Slice>(VocabularySize);
        for (var token = 0; token < VocabularySize; token++)
        {
            var text = tokenizer.EndsGeneration(token) ? [] : tokenizer.Bytes(token, special: shownControlTokens?.Contains(token) == true);
            if (text.Length is > 0 and < ushort.MaxValue)
            {
                slices.Add(new ByteStrings.Slice((int)bytes.Length, text.Length, token));
                bytes.Write(text);
            }
        }

        var sorted = slices.ToArray();
        Texts = ByteStrings.Sort(bytes.GetBuffer(), sorted);
        Tokens = Array.ConvertAll(sorted, slice => slice.Item);
        Trie = new ByteTrie(Texts);
        Classes = new LoopClasses(this);
        Classes.Prepare();
    }

    /// <summary>The vocabulary's tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>The control tokens that are written into the text; null: none.</summary>
    internal IReadOnlySet<int>? Shown { get; }

    /// <summary>Number of token ids, those without bytes included.</summary>
    public int VocabularySize { get; }

    /// <summary>Tokens that end a generation; they have no bytes here.</summary>
    public ReadOnlySpan<int> EndTokens => endTokens;

    /// <summary>Token ids in the order of the trie's strings.</summary>
    internal int[] Tokens { get; }

    /// <summary>The tokens' bytes in the order of <see cref="Tokens"/>.</summary>
    internal ByteStrings Texts { get; }

    /// <summary>The trie of <see cref="Texts"/>.</summary>
    internal ByteTrie Trie { get; }

    /// <summary>What the tokens are to states that loop.</summary>
    internal LoopClasses Classes { get; }

    /// <summary>The bytes that a token adds to a constrained text.</summary>
    internal ReadOnlySpan<byte> BytesOf(int token) => Tokenizer.Bytes(token, special: true);

    /// <summary>Spells a text greedily, the longest token first.</summary>
    /// <param name="text">Any bytes.</param>
    /// <param name="tokens">Appended to.</param>
    /// <returns>False where the vocabulary has no token for some byte.</returns>
    internal bool TrySpell(ReadOnlySpan<byte> text, List<int> tokens)
    {
        while (text.Length > 0)
        {
            var found = Trie.LongestPrefix(text, out var length);
            if (found < 0)
                return false;
            tokens.Add(Tokens[found]);
            text = text[length..];
        }

        return true;
    }
}
