using System.Buffers;
using System.Text;
using Penstock.Models.Tokenization.Merging;

namespace Penstock.Models.Tokenization;

/// <summary>
/// SentencePiece's byte-pair encoding with scores (Kudo and Richardson 2018): characters are symbols, two symbols merge when
/// together they are a token, the highest score first, and a character that is no token becomes byte tokens. Spaces are
/// written as U+2581.
/// </summary>
internal sealed class SentencePieceEncoder : ITextEncoder
{
    public const char Space = '▁';

    private readonly int vocabularySize;
    private readonly bool addsSpacePrefix;
    private readonly MergeTable merges;

    /// <summary>Pairs of characters that some token contains. Between two others no merge can happen, so text is cut there: most merging is of short words.</summary>
    private readonly MergeTable neighbours;

    /// <summary>The token of a character of the basic plane, or none.</summary>
    private readonly int[] basicTokens = new int[char.MaxValue + 1];
    private readonly Dictionary<int, int> astralTokens = [];
    private readonly int[][] byteTokens = new int[256][];

    /// <param name="tokens">The tokens' texts by id.</param>
    /// <param name="scores">A score a token; none: all equal.</param>
    /// <param name="byText">Token ids by their text.</param>
    /// <param name="unknown">Stands for a byte that the vocabulary has no token for.</param>
    /// <param name="addsSpacePrefix">Whether a text begins with a space that is not in it.</param>
    public SentencePieceEncoder(IReadOnlyList<string> tokens, IReadOnlyList<float> scores, IReadOnlyDictionary<string, int> byText, int? unknown, bool addsSpacePrefix)
    {
        vocabularySize = tokens.Count;
        this.addsSpacePrefix = addsSpacePrefix;
        for (var value = 0; value < 256; value++)
            byteTokens[value] = byText.TryGetValue($"<0x{value:X2}>", out var id) || (value < 0x80 && byText.TryGetValue(((char)value).ToString(), out id)) ? [id] : unknown is { } other ? [other] : [];

        Array.Fill(basicTokens, -1);
        foreach (var (text, id) in byText)
        {
            if (text.Length == 1)
                basicTokens[text[0]] = id;
            else if (text.Length == 2 && char.IsSurrogatePair(text, 0))
                astralTokens[char.ConvertToUtf32(text, 0)] = id;
        }

        var splits = Splits(tokens, scores, byText).ToList();
        merges = new MergeTable(splits.Count);
        foreach (var (left, right, rank, token) in splits)
            merges.Add(left, right, rank, token);

        var pairs = Neighbours(tokens).ToHashSet();
        neighbours = new MergeTable(pairs.Count);
        foreach (var (left, right) in pairs)
            neighbours.Add(left, right, 0, 0);
    }

    public void Encode(ReadOnlySpan<char> text, List<int> tokens)
    {
        var symbols = ArrayPool<int>.Shared.Rent(text.Length + 1);
        var previous = -1;
        var count = 0;
        if (addsSpacePrefix)
            Add(Space, tokens);
        foreach (var rune in text.EnumerateRunes())
            Add(rune.Value == ' ' ? Space : rune.Value, tokens);
        EncodeWord(symbols.AsSpan(0, count), tokens);
        ArrayPool<int>.Shared.Return(symbols);

        void Add(int character, List<int> output)
        {
            if (count > 0 && neighbours.Rank(previous, character) == MergeTable.Never)
            {
                EncodeWord(symbols.AsSpan(0, count), output);
                count = 0;
            }

            symbols[count++] = Symbol(character);
            previous = character;
        }
    }

    private void EncodeWord(Span<int> symbols, List<int> tokens)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var symbol in symbols[..SymbolMerger.Merge(merges, symbols)])
        {
            if (symbol < vocabularySize)
            {
                tokens.Add(symbol);
                continue;
            }

            var length = new Rune(symbol - vocabularySize).EncodeToUtf8(utf8);
            foreach (var value in utf8[..length])
                tokens.AddRange(byteTokens[value]);
        }
    }

    /// <summary>A symbol is a token, or a character that is none: the vocabulary's size plus its code point.</summary>
    private int Symbol(int codePoint)
    {
        var token = codePoint <= char.MaxValue ? basicTokens[codePoint] : astralTokens.GetValueOrDefault(codePoint, -1);
        return token >= 0 ? token : vocabularySize + codePoint;
    }

    /// <summary>Every way to make a token of two symbols, with a rank that orders as the scores do; equal scores have equal ranks.</summary>
    private IEnumerable<(int Left, int Right, int Rank, int Token)> Splits(IReadOnlyList<string> tokens, IReadOnlyList<float> scores, IReadOnlyDictionary<string, int> byText)
    {
        var ranks = scores.Distinct().OrderDescending().Select((score, rank) => (score, rank)).ToDictionary(pair => pair.score, pair => pair.rank);
        foreach (var (text, token) in byText)
        {
            for (var cut = 1; cut < text.Length; cut++)
            {
                if (!char.IsLowSurrogate(text[cut]) && Part(text[..cut]) is { } left && Part(text[cut..]) is { } right)
                    yield return (left, right, scores.Count == 0 ? 0 : ranks[scores[token]], token);
            }
        }

        int? Part(string text)
        {
            if (byText.TryGetValue(text, out var id))
                return id;
            return text.Length == 1 ? Symbol(text[0]) : text.Length == 2 && char.IsSurrogatePair(text, 0) ? Symbol(char.ConvertToUtf32(text, 0)) : null;
        }
    }

    private static IEnumerable<(int Left, int Right)> Neighbours(IReadOnlyList<string> tokens)
    {
        foreach (var token in tokens)
        {
            var previous = -1;
            foreach (var rune in token.EnumerateRunes())
            {
                if (previous >= 0)
                    yield return (previous, rune.Value);
                previous = rune.Value;
            }
        }
    }
}
