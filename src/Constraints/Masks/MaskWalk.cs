namespace Penstock.Constraints.Masks;

/// <summary>
/// Computes masks: a vocabulary's trie walked from a state, cut where the state has no step. Where the state loops, or most characters lead from it to one that does,
/// the mask begins as that state's (<see cref="LoopWalk"/>), else as that of a state near by (<see cref="NeighbourWalk"/>), and only what is different is walked.
/// Scratch of one thread.
/// </summary>
internal sealed class MaskWalk
{
    private readonly VocabularyTrie vocabulary;
    private readonly ConstraintState[] path;
    private readonly ulong[] words;
    private readonly LoopWalk loops;
    private readonly NeighbourWalk neighbours;

    public MaskWalk(VocabularyTrie vocabulary)
    {
        this.vocabulary = vocabulary;
        words = new ulong[TokenMask.WordCount(vocabulary.VocabularySize)];
        path = new ConstraintState[vocabulary.Trie.Depth + 1];
        loops = new LoopWalk(vocabulary, this);
        neighbours = new NeighbourWalk(vocabulary, this);
    }

    /// <param name="memo">Keeps one mask of equal ones.</param>
    public TokenMask MaskOf(ConstraintState state, StateMemo memo)
    {
        var isLoop = loops.TryMaskOf(state, words);
        if (!isLoop && !neighbours.TryMaskOf(state, words))
        {
            words.AsSpan().Clear();
            Walk(state, 0, vocabulary.Trie.Bytes.Length, words);
        }

        if (state.IsAccepting)
        {
            foreach (var token in vocabulary.EndTokens)
                words[token / 64] |= 1ul << (token % 64);
        }

        var mask = memo.MaskOf(vocabulary.VocabularySize, words);
        if (!isLoop)
            neighbours.Keep(state, mask);
        return mask;
    }

    /// <summary>Takes away the tokens at and below a node.</summary>
    public void Clear(int node, ulong[] mask)
    {
        var (firsts, tokens) = (vocabulary.Trie.Firsts, vocabulary.Tokens);
        for (var text = firsts[node]; text < firsts[vocabulary.Trie.Ends[node]]; text++)
            mask[tokens[text] / 64] &= ~(1ul << (tokens[text] % 64));
    }

    /// <summary>Adds the tokens of the nodes from <paramref name="node"/> to before <paramref name="end"/> that lead from the state in front of them to another.</summary>
    public void Walk(ConstraintState state, int node, int end, ulong[] mask)
    {
        var (trie, tokens) = (vocabulary.Trie, vocabulary.Tokens);
        var (bytes, depths, ends, firsts, starts) = (trie.Bytes, trie.Depths, trie.Ends, trie.Firsts, trie.Starts);
        if (node < end)
            path[depths[node]] = state;
        while (node < end)
        {
            int depth = depths[node];
            if (path[depth].Step(bytes[node]) is not { } next)
            {
                node = ends[node];
                continue;
            }

            for (var text = firsts[node]; starts[text] == node; text++)
                mask[tokens[text] / 64] |= 1ul << (tokens[text] % 64);
            path[depth + 1] = next;
            node++;
        }
    }
}
