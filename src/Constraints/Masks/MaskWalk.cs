namespace Penstock.Constraints.Masks;

/// <summary>Computes masks: a vocabulary's trie walked from a state, cut where the state has no step. Scratch of one thread.</summary>
internal sealed class MaskWalk(VocabularyTrie vocabulary)
{
    private readonly ConstraintState[] path = new ConstraintState[vocabulary.Trie.Depth + 1];

    public TokenMask MaskOf(ConstraintState state)
    {
        var words = new ulong[TokenMask.WordCount(vocabulary.VocabularySize)];
        Walk(state, 0, vocabulary.Trie.Bytes.Length, words);
        if (state.IsAccepting)
        {
            foreach (var token in vocabulary.EndTokens)
                words[token / 64] |= 1ul << (token % 64);
        }

        return new TokenMask(vocabulary.VocabularySize, words);
    }

    /// <summary>Adds the tokens of the nodes [<paramref name="node"/>, <paramref name="end"/>) that lead from the state to another.</summary>
    private void Walk(ConstraintState state, int node, int end, ulong[] words)
    {
        var trie = vocabulary.Trie;
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
            {
                var token = vocabulary.Tokens[text];
                words[token / 64] |= 1ul << (token % 64);
            }

            path[depth + 1] = next;
            node++;
        }
    }
}
