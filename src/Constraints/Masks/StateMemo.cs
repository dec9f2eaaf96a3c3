namespace Penstock.Constraints.Masks;

/// <summary>
/// Facts by state and the masks that are among them, one of equal ones: many states allow the same tokens. Bounded in bytes. Two generations stand in for the
/// order of use: when the young one is full it becomes the old one, and the old one is forgotten but for what was asked for again meanwhile.
/// </summary>
internal sealed class StateMemo(long mostBytes)
{
    /// <summary>What an entry costs beside its mask.</summary>
    private const long EntryBytes = 160;

    private Dictionary<object, StateFacts> young = new(ReferenceEqualityComparer.Instance);
    private Dictionary<object, StateFacts> old = new(ReferenceEqualityComparer.Instance);
    private Dictionary<ulong, TokenMask> youngMasks = [];
    private Dictionary<ulong, TokenMask> oldMasks = [];
    private long bytes;

    public StateFacts Of(ConstraintState state)
    {
        if (young.TryGetValue(state, out var facts))
            return facts;

        if (!old.Remove(state, out facts))
            facts = new StateFacts(state);
        young[state] = facts;
        Grow(EntryBytes);
        if (facts.Mask is { } mask)
            Keep(mask);
        return facts;
    }

    /// <summary>The mask of some words, which are copied where it is new.</summary>
    public TokenMask MaskOf(int vocabularySize, ReadOnlySpan<ulong> words)
    {
        var digest = TokenMask.DigestOf(words);
        if ((youngMasks.TryGetValue(digest, out var known) || oldMasks.TryGetValue(digest, out known)) && known.Words.SequenceEqual(words))
        {
            Keep(known);
            return known;
        }

        var mask = new TokenMask(vocabularySize, words.ToArray());
        Keep(mask);
        return mask;
    }

    private void Keep(TokenMask mask)
    {
        if (youngMasks.TryAdd(mask.Digest, mask))
            Grow(mask.Bytes);
    }

    private void Grow(long more)
    {
        bytes += more;
        if (bytes <= mostBytes / 2)
            return;

        (young, old) = (old, young);
        (youngMasks, oldMasks) = (oldMasks, youngMasks);
        young.Clear();
        youngMasks.Clear();
        bytes = 0;
    }
}
