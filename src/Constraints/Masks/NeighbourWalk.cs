namespace Penstock.Constraints.Masks;

/// <summary>
/// Masks by their difference from one computed lately: where two states lead to the same object by a byte, the tokens behind it have the same bits. Both ways are walked side
/// by side until they meet, so the result is exact whatever the states are; it pays where most bytes meet at once, as after two labels of an e-mail address.
/// Scratch of one thread.
/// </summary>
internal sealed class NeighbourWalk(VocabularyTrie vocabulary, MaskWalk walk)
{
    /// <summary>Masks that are kept to begin with.</summary>
    private const int MostKept = 8;

    /// <summary>A walk over fewer tokens is as fast.</summary>
    private const int FewestTokens = 1000;

    /// <summary>Of the probes, how many must be alive to look for a neighbour, and lead to the same objects to take it.</summary>
    private const int FewestAlive = 6;

    private readonly (ConstraintState State, TokenMask Mask)[] kept = new (ConstraintState, TokenMask)[MostKept];
    private readonly ConstraintState[] path = new ConstraintState[vocabulary.Trie.Depth + 1];
    private readonly ConstraintState[] other = new ConstraintState[vocabulary.Trie.Depth + 1];
    private int count;

    private static ReadOnlySpan<byte> Probes => "etaoinsr0AZ_-./ "u8;

    /// <summary>Keeps a mask for states to come, if it is a large one.</summary>
    public void Keep(ConstraintState state, TokenMask mask)
    {
        if (mask.Count >= FewestTokens)
            kept[count++ % MostKept] = (state, mask);
    }

    /// <summary>Finds the mask without end tokens.</summary>
    /// <param name="words">Overwritten where the result is true.</param>
    /// <returns>False where no mask that was kept is near.</returns>
    public bool TryMaskOf(ConstraintState state, ulong[] words)
    {
        if (count == 0 || Nearest(state) is not { Mask: not null } nearest)
            return false;

        nearest.Mask.Words.CopyTo(words);
        foreach (var token in vocabulary.EndTokens)
            words[token / 64] &= ~(1ul << (token % 64));
        Correct(state, nearest.State, words);
        return true;
    }

    private (ConstraintState State, TokenMask Mask) Nearest(ConstraintState state)
    {
        var steps = new ConstraintState?[Probes.Length];
        var alive = 0;
        for (var i = 0; i < steps.Length; i++)
            alive += (steps[i] = state.Step(Probes[i])) is null ? 0 : 1;
        if (alive < FewestAlive)
            return default;

        var (best, most) = (-1, FewestAlive - 1);
        for (var candidate = 0; candidate < Math.Min(count, MostKept); candidate++)
        {
            var same = 0;
            for (var i = 0; i < steps.Length; i++)
                same += steps[i] is { } step && ReferenceEquals(step, kept[candidate].State.Step(Probes[i])) ? 1 : 0;
            if (same > most)
                (best, most) = (candidate, same);
        }

        return best < 0 ? default : kept[best];
    }

    private void Correct(ConstraintState state, ConstraintState neighbour, ulong[] words)
    {
        var trie = vocabulary.Trie;
        (path[0], other[0]) = (state, neighbour);
        for (var node = 0; node < trie.Bytes.Length;)
        {
            int depth = trie.Depths[node];
            var (next, theirs) = (path[depth].Step(trie.Bytes[node]), other[depth].Step(trie.Bytes[node]));
            if (next is not null && theirs is not null && !ReferenceEquals(next, theirs))
            {
                // The neighbour takes the node's own tokens as well.
                (path[depth + 1], other[depth + 1]) = (next, theirs);
                node++;
                continue;
            }

            if (next is null && theirs is not null)
                walk.Clear(node, words);
            else if (theirs is null && next is not null)
                walk.Walk(path[depth], node, trie.Ends[node], words);
            node = trie.Ends[node];
        }
    }
}
