namespace Penstock.Constraints.Masks;

/// <summary>Adds the tokens that leave a loop and go on. Scratch of one thread.</summary>
internal sealed class RemainderWalk
{
    private readonly ConstraintState?[] entered = new ConstraintState?[256];
    private ConstraintState[] path = [];
    private ulong[] alive = [];

    /// <summary>Adds the tokens whose remainder the loop's state takes after the characters before it.</summary>
    /// <param name="loopClass">The loop's class.</param>
    /// <param name="chain">The loop's states.</param>
    /// <param name="offset">Characters of a token that lead into the loop before it counts.</param>
    /// <param name="words">Added to.</param>
    public void Add(LoopClass loopClass, LoopChain chain, int offset, ulong[] words)
    {
        var trie = loopClass.Remainders;
        if (path.Length <= trie.Depth)
            path = new ConstraintState[trie.Depth + 1];
        if (chain.IsUnbounded)
        {
            Walk(trie, chain[0]!, 0, trie.Bytes.Length, new TokenSet(words, loopClass.Tokens));
            return;
        }

        var wordCount = TokenMask.WordCount(loopClass.Tokens.Length);
        if (alive.Length < wordCount)
            alive = new ulong[wordCount];
        alive.AsSpan(0, wordCount).Clear();
        Array.Clear(entered);
        foreach (var (characters, strings) in loopClass.Groups)
        {
            if (chain[Math.Max(0, characters - offset)] is not { } state)
                break;

            Enter(trie, state);
            foreach (var text in strings)
            {
                if ((alive[text / 64] >> (text % 64) & 1) != 0)
                    words[loopClass.Tokens[text] / 64] |= 1ul << (loopClass.Tokens[text] % 64);
            }
        }
    }

    /// <summary>Brings the strings that are alive up to date for the loop after more characters: only where a first byte leads to another state than before.</summary>
    private void Enter(ByteTrie trie, ConstraintState state)
    {
        for (var node = 0; node < trie.Bytes.Length; node = trie.Ends[node])
        {
            var value = trie.Bytes[node];
            var next = state.Step(value);
            if (ReferenceEquals(next, entered[value]))
                continue;

            for (var text = trie.Firsts[node]; text < trie.Firsts[trie.Ends[node]]; text++)
                alive[text / 64] &= ~(1ul << (text % 64));
            entered[value] = next;
            if (next is not null)
                Walk(trie, state, node, trie.Ends[node], new TokenSet(alive, null));
        }
    }

    private void Walk(ByteTrie trie, ConstraintState state, int node, int end, TokenSet set)
    {
        var (bytes, depths, ends, firsts, starts) = (trie.Bytes, trie.Depths, trie.Ends, trie.Firsts, trie.Starts);
        path[0] = state;
        while (node < end)
        {
            int depth = depths[node];
            if (path[depth].Step(bytes[node]) is not { } next)
            {
                node = ends[node];
                continue;
            }

            for (var text = firsts[node]; starts[text] == node; text++)
                set.Add(text);
            path[depth + 1] = next;
            node++;
        }
    }

    /// <summary>Bits by string, or by the string's token.</summary>
    private readonly struct TokenSet(ulong[] words, int[]? tokens)
    {
        public void Add(int text)
        {
            var bit = tokens is null ? text : tokens[text];
            words[bit / 64] |= 1ul << (bit % 64);
        }
    }
}
