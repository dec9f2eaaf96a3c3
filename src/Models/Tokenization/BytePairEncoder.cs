using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Penstock.Models.Tokenization.Merging;
using Penstock.Models.Tokenization.PreTokenization;

namespace Penstock.Models.Tokenization;

/// <summary>Byte-level byte-pair encoding (GPT-2's): text is cut into words, a word's bytes are symbols, symbols merge by rank.</summary>
internal sealed class BytePairEncoder : ITextEncoder
{
    private const int StackBytes = 256;

    private readonly PreTokenizer preTokenizer;
    private readonly int vocabularySize;
    private readonly MergeTable merges;
    private readonly int[] byteSymbols = new int[256];

    /// <summary>What a symbol is written as that merges make but the vocabulary lacks, by symbol less the vocabulary's size.</summary>
    private readonly List<int[]> substitutes = [];

    /// <summary>Whole words that are tokens, where the rule prefers them to merges.</summary>
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>>? wholeWords;

    /// <param name="rule">How words are cut.</param>
    /// <param name="vocabularySize">Number of tokens.</param>
    /// <param name="byText">Token ids by their text, in GPT-2's alphabet.</param>
    /// <param name="mergeLines">Two symbols with a space between, soonest first.</param>
    public BytePairEncoder(PreTokenizerRule rule, int vocabularySize, IReadOnlyDictionary<string, int> byText, IReadOnlyList<string> mergeLines)
    {
        preTokenizer = new PreTokenizer(rule);
        this.vocabularySize = vocabularySize;

        var symbols = new Dictionary<string, int>(byText, StringComparer.Ordinal);
        for (var value = 0; value < 256; value++)
            byteSymbols[value] = Symbol(ByteAlphabet.Character((byte)value).ToString());

        merges = new MergeTable(mergeLines.Count);
        for (var rank = 0; rank < mergeLines.Count; rank++)
        {
            var line = mergeLines[rank];
            var space = line.Length > 1 ? line.IndexOf(' ', 1) : -1;
            if (space > 0)
                merges.Add(Symbol(line[..space]), Symbol(line[(space + 1)..]), rank, Symbol(string.Concat(line.AsSpan(0, space), line.AsSpan(space + 1))));
        }

        wholeWords = rule.IgnoresMerges ? WholeWords(byText) : null;

        int Symbol(string text)
        {
            if (!symbols.TryGetValue(text, out var symbol))
            {
                symbols[text] = symbol = vocabularySize + substitutes.Count;
                // llama.cpp looks up each byte of the text's UTF-8 as a token and drops it where there is none.
                substitutes.Add([.. text.Where(char.IsAscii).Select(character => character.ToString()).Where(byText.ContainsKey).Select(character => byText[character])]);
            }

            return symbol;
        }
    }

    public void Encode(ReadOnlySpan<char> text, List<int> tokens)
    {
        if (!CodePointText.Differs(text))
        {
            var words = new WordEncoder(this, text, oneUnitEach: true, tokens);
            preTokenizer.Split(text, ref words);
            return;
        }

        var rented = ArrayPool<char>.Shared.Rent(text.Length);
        var length = CodePointText.Write(text, rented, preTokenizer.AstralHan);
        var wordsOfPairs = new WordEncoder(this, text, oneUnitEach: false, tokens);
        preTokenizer.Split(rented.AsSpan(0, length), ref wordsOfPairs);
        ArrayPool<char>.Shared.Return(rented);
    }

    private static Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> WholeWords(IReadOnlyDictionary<string, int> byText)
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (text, id) in byText)
        {
            if (ByteAlphabet.Decode(text) is { } bytes && System.Text.Unicode.Utf8.IsValid(bytes))
                words[strict.GetString(bytes)] = id;
        }

        return words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> tokens)
    {
        if (wholeWords is { } known && known.TryGetValue(word, out var whole))
        {
            tokens.Add(whole);
            return;
        }

        var longest = 3 * word.Length;
        if (longest <= StackBytes)
        {
            Span<byte> bytes = stackalloc byte[StackBytes];
            Span<int> symbols = stackalloc int[StackBytes];
            EncodeBytes(bytes[..Encoding.UTF8.GetBytes(word, bytes)], symbols, tokens);
            return;
        }

        var rentedBytes = ArrayPool<byte>.Shared.Rent(longest);
        var rentedSymbols = ArrayPool<int>.Shared.Rent(longest);
        EncodeBytes(rentedBytes.AsSpan(0, Encoding.UTF8.GetBytes(word, rentedBytes)), rentedSymbols, tokens);
        ArrayPool<byte>.Shared.Return(rentedBytes);
        ArrayPool<int>.Shared.Return(rentedSymbols);
    }

    private void EncodeBytes(ReadOnlySpan<byte> bytes, Span<int> symbols, List<int> tokens)
    {
        for (var i = 0; i < bytes.Length; i++)
            symbols[i] = byteSymbols[bytes[i]];

        var count = SymbolMerger.Merge(merges, symbols[..bytes.Length]);
        foreach (var symbol in symbols[..count])
        {
            if (symbol < vocabularySize)
                tokens.Add(symbol);
            else
                tokens.AddRange(CollectionsMarshal.AsSpan(substitutes)[symbol - vocabularySize]);
        }
    }

    /// <summary>Takes words as lengths in code points and encodes the text that they cover.</summary>
    private ref struct WordEncoder(BytePairEncoder encoder, ReadOnlySpan<char> text, bool oneUnitEach, List<int> tokens) : IWordSink
    {
        private ReadOnlySpan<char> rest = text;

        public void Word(int codePoints)
        {
            var units = codePoints;
            if (!oneUnitEach)
            {
                units = 0;
                for (var i = 0; i < codePoints; i++)
                    units += char.IsHighSurrogate(rest[units]) ? 2 : 1;
            }

            encoder.EncodeWord(rest[..units], tokens);
            rest = rest[units..];
        }
    }
}
