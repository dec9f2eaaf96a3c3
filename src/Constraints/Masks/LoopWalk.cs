namespace Penstock.Constraints.Masks;

/// <summary>
/// Masks of states that loop, and of those from which most characters lead to one that does (the start of a name, or a name that begins like a known one).
/// The ready set of the loop's class comes first, then the remainders that the loop's state takes; where the state itself is not the loop's, tokens whose
/// way differs are corrected, by walking both ways side by side until they meet in the same object. Scratch of one thread.
/// </summary>
internal sealed class LoopWalk(VocabularyTrie vocabulary, MaskWalk walk)
{
    private readonly RemainderWalk remainders = new();
    private readonly LoopChain chain = new();
    private readonly ConstraintState[] path = new ConstraintState[vocabulary.Trie.Depth + 1];
    private readonly ConstraintState?[] expected = new ConstraintState?[vocabulary.Trie.Depth + 1];
    private readonly int[] characters = new int[vocabulary.Trie.Depth + 1];
    private readonly int[] pending = new int[vocabulary.Trie.Depth + 1];

    /// <summary>Finds the mask without end tokens.</summary>
    /// <param name="words">Overwritten; undefined where the result is false.</param>
    /// <returns>False where the state has no loop that helps.</returns>
    public bool TryMaskOf(ConstraintState state, ulong[] words)
    {
        var offset = 0;
        var loop = state;
        if (loop.Loop is null)
            (loop, offset) = (Majority(state), 1);
        if (loop?.Loop is not { } hint || vocabulary.Classes.Find(hint) is not { } loopClass)
            return false;

        chain.Begin(loop, hint, loopClass.Representative);
        if (!hint.IsUnbounded && hint.Most + offset < loopClass.MostCharacters && chain.GoesOnBeyond)
            return false;

        loopClass.CopyReady(hint.IsUnbounded ? int.MaxValue : hint.Most + offset, words);
        remainders.Add(loopClass, chain, offset, words);
        var (trie, node) = (vocabulary.Trie, 0);
        for (; node < trie.Bytes.Length; node = trie.Ends[node])
        {
            if (!loopClass.StartsInside(trie.Bytes[node]))
                walk.Walk(state, node, trie.Ends[node], words);
            else if (offset > 0)
                Correct(state, node, loopClass, words);
        }

        return true;
    }

    /// <summary>The state that most of a few common characters lead to, if that is more than one.</summary>
    private static ConstraintState? Majority(ConstraintState state)
    {
        ReadOnlySpan<byte> probes = "etA_0 z"u8;
        ConstraintState? best = null;
        var most = 1;
        for (var i = 0; i < probes.Length; i++)
        {
            if (state.Step(probes[i]) is not { } next || ReferenceEquals(next, best))
                continue;

            var count = 1;
            for (var j = i + 1; j < probes.Length; j++)
                count += ReferenceEquals(state.Step(probes[j]), next) ? 1 : 0;
            if (count > most)
                (best, most) = (next, count);
        }

        return best;
    }

    /// <summary>Corrects the tokens below a root node whose way from the state is not that of the loop's state one character before.</summary>
    private void Correct(ConstraintState state, int node, LoopClass loopClass, ulong[] words)
    {
        var trie = vocabulary.Trie;
        var end = trie.Ends[node];
        (path[0], expected[0], characters[0], pending[0]) = (state, null, 0, 0);
        while (node < end)
        {
            int depth = trie.Depths[node];
            var value = trie.Bytes[node];
            var next = path[depth].Step(value);
            var within = Advance(depth, value, loopClass);
            if (next is null || !within)
            {
                walk.Clear(node, words);
                if (next is not null)
                    walk.Walk(path[depth], node, trie.Ends[node], words);
                node = trie.Ends[node];
            }
            else if (ReferenceEquals(next, expected[depth + 1]))
            {
                node = trie.Ends[node];
            }
            else
            {
                for (var text = trie.Firsts[node]; trie.Starts[text] == node; text++)
                    words[vocabulary.Tokens[text] / 64] |= 1ul << (vocabulary.Tokens[text] % 64);
                path[depth + 1] = next;
                node++;
            }
        }
    }

    /// <summary>Follows the loop's way by a byte; false where the byte is no part of a character of the set.</summary>
    private bool Advance(int depth, byte value, LoopClass loopClass)
    {
        var (done, left) = (characters[depth], pending[depth]);
        if (left == 0 ? !loopClass.StartsInside(value) : value is < 0x80 or > 0xBF)
            return false;

        left = left > 0 ? left - 1 : value < 0x80 ? 0 : value < 0xE0 ? 1 : value < 0xF0 ? 2 : 3;
        (characters[depth + 1], pending[depth + 1]) = (left == 0 ? done + 1 : done, left);
        // Within a character only a loop without a limit has a way to compare with: the others' counts are one apart until it is whole.
        var before = depth == 0 ? chain[0] : expected[depth];
        expected[depth + 1] = left == 0 ? chain[done] : chain.IsUnbounded ? before?.Step(value) : null;
        return true;
    }
}
