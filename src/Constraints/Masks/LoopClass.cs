namespace Penstock.Constraints.Masks;

/// <summary>
/// What a vocabulary's tokens are to a state that loops over a set of characters (<see cref="LoopHint"/>): the tokens made wholly of such characters
/// are <i>inside</i>, ready as bit sets by their number of characters; each of the others is characters of the set and then a <i>remainder</i>, which
/// many tokens share. So a mask over such a state is a ready set and a walk over the remainders. Immutable but for sets that are made when first asked for.
/// </summary>
/// <remarks>
/// A token that ends in the middle of a character beyond ASCII is inside where the set has those characters: any of them may complete it. Tokens whose very first
/// character is not of the set are in neither part.
/// </remarks>
internal sealed class LoopClass
{
    /// <summary>Sets are ready for limits up to this; above it there are few tokens to add.</summary>
    private const int MostReady = 16;

    private readonly UInt128 ascii;
    private readonly bool nonAscii;
    private readonly int wordCount;
    private readonly ulong[]?[] ready = new ulong[MostReady + 1][];
    private readonly ulong[] all;
    private readonly (int Characters, int Token)[] inside;

    public LoopClass(VocabularyTrie vocabulary, UInt128 ascii, bool nonAscii)
    {
        (this.ascii, this.nonAscii) = (ascii, nonAscii);
        wordCount = TokenMask.WordCount(vocabulary.VocabularySize);
        Representative = (byte)UInt128.TrailingZeroCount(ascii);

        var insides = new List<(int Characters, int Token)>();
        var outsides = new List<(int Characters, int Token)>();
        var slices = new List<ByteStrings.Slice>();
        for (var at = 0; at < vocabulary.Texts.Count; at++)
        {
            var token = vocabulary.Tokens[at];
            var text = vocabulary.Texts[at];
            var (characters, length) = Leading(text);
            if (length == text.Length)
                insides.Add((characters, token));
            else if (StartsInside(text[0]))
            {
                slices.Add(new ByteStrings.Slice(vocabulary.Texts.OffsetOf(at) + length, text.Length - length, outsides.Count));
                outsides.Add((characters, token));
            }
        }

        inside = SortedByCharacters(insides);
        all = Words(inside);

        // Equal remainders become neighbours; each gets one number.
        var sorted = slices.ToArray();
        var texts = ByteStrings.Sort(vocabulary.Texts.Memory, sorted);
        Remainders = new ByteTrie(texts);
        Tokens = Array.ConvertAll(sorted, slice => outsides[slice.Item].Token);
        Groups = [.. sorted.Select((slice, at) => (outsides[slice.Item].Characters, at)).GroupBy(pair => pair.Characters, pair => pair.at).OrderBy(group => group.Key).Select(group => new Group(group.Key, [.. group]))];
    }

    /// <summary>Some ASCII character of the set.</summary>
    public byte Representative { get; }

    /// <summary>Characters of the longest inside token.</summary>
    public int MostCharacters => inside.Length == 0 ? 0 : inside[^1].Characters;

    /// <summary>What tokens have after their characters of the set; a string a token, equal ones side by side.</summary>
    public ByteTrie Remainders { get; }

    /// <summary>The token of each string of <see cref="Remainders"/>.</summary>
    public int[] Tokens { get; }

    /// <summary>The strings of <see cref="Remainders"/> by the number of characters before them, ascending.</summary>
    public Group[] Groups { get; }

    /// <summary>Whether a character of the set may begin with this byte.</summary>
    public bool StartsInside(byte value) => value < 0x80 ? (ascii >> value & 1) != 0 : nonAscii && value is >= 0xC2 and <= 0xF4;

    /// <summary>Writes the set of the inside tokens with at most so many characters.</summary>
    public void CopyReady(int limit, ulong[] words)
    {
        if (limit >= MostCharacters)
        {
            all.CopyTo(words, 0);
            return;
        }

        var nearest = Math.Clamp(limit, 0, MostReady);
        (ready[nearest] ??= Words(inside.AsSpan(0, Until(nearest)))).CopyTo(words, 0);
        foreach (var (_, token) in limit > nearest ? inside.AsSpan(Until(nearest)..Until(limit)) : [])
            words[token / 64] |= 1ul << (token % 64);
    }

    // By counting: this is most of the vocabulary, and the numbers are small.
    private static (int Characters, int Token)[] SortedByCharacters(List<(int Characters, int Token)> tokens)
    {
        var places = new int[tokens.Count == 0 ? 1 : tokens.Max(pair => pair.Characters) + 2];
        foreach (var (characters, _) in tokens)
            places[characters + 1]++;
        for (var i = 1; i < places.Length; i++)
            places[i] += places[i - 1];

        var sorted = new (int Characters, int Token)[tokens.Count];
        foreach (var pair in tokens)
            sorted[places[pair.Characters]++] = pair;
        return sorted;
    }

    private int Until(int characters)
    {
        var (from, to) = (0, inside.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = inside[middle].Characters <= characters ? (middle + 1, to) : (from, middle);
        }

        return from;
    }

    private ulong[] Words(ReadOnlySpan<(int Characters, int Token)> tokens)
    {
        var words = new ulong[wordCount];
        foreach (var (_, token) in tokens)
            words[token / 64] |= 1ul << (token % 64);
        return words;
    }

    /// <summary>How many characters of the set a text begins with, an unfinished one at its very end counted, and how many bytes they are.</summary>
    private (int Characters, int Length) Leading(ReadOnlySpan<byte> text)
    {
        var (characters, length) = (0, 0);
        while (length < text.Length && StartsInside(text[length]))
        {
            var step = 1;
            if (text[length] >= 0x80)
            {
                step = Utf8Character.Length(text[length..], out var whole);
                if (step == 0 || (!whole && length + step < text.Length))
                    break;
            }

            length += step;
            characters++;
        }

        return (characters, length);
    }

    /// <summary>Strings of <see cref="Remainders"/> that come after the same number of characters.</summary>
    internal readonly record struct Group(int Characters, int[] Strings);
}
