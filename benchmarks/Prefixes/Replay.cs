using Penstock.Engine.KvCache;

namespace Penstock.Benchmarks.Prefixes;

/// <summary>Replays a trace's prompts against a cache and counts the tokens that were there. No clock: one request after the other.</summary>
internal static class Replay
{
    private const string Domain = "trace";

    /// <summary>The server's own prefix tree.</summary>
    /// <param name="trace">The requests.</param>
    /// <param name="capacity">Blocks that it may keep.</param>
    /// <param name="order">What goes first.</param>
    /// <param name="wholeBlocksOnly">As in the server; otherwise the last block of a prompt is kept too, however little there is in it.</param>
    /// <returns>Tokens found / tokens of all prompts.</returns>
    public static double InTree(TraceRequest[] trace, int capacity, IEvictionOrder order, bool wholeBlocksOnly)
    {
        var tree = new PrefixTree(blockTokens: 1, order);
        var owner = tree.OwnerOf(Domain);
        var (found, all) = (0L, 0L);
        foreach (var request in trace)
        {
            var blocks = wholeBlocksOnly ? request.Whole : request.Blocks;
            var match = tree.Match(Domain, blocks);
            found += request.TokensOf(match.Length);
            all += request.Tokens;
            var node = tree.Reach(match);
            tree.Touch(node);
            if (blocks.Length > match.Length)
                tree.Add(node, Domain, owner, blocks[match.Length..]);
            while (tree.Blocks > capacity && tree.Victim() is { } leaf)
                tree.Cut(leaf, Math.Min(tree.Blocks - capacity, leaf.Blocks(tree.BlockTokens)));
        }

        return (double)found / all;
    }

    /// <summary>A flat list of blocks, each moved to the young end when a prompt names it, from the prompt's first to its last: how the published figure counts.</summary>
    public static double InList(TraceRequest[] trace, int capacity)
    {
        var (young, places) = (new LinkedList<int>(), new Dictionary<int, LinkedListNode<int>>());
        var (found, all) = (0L, 0L);
        foreach (var request in trace)
        {
            var blocks = 0;
            while (blocks < request.Blocks.Length && places.ContainsKey(request.Blocks[blocks]))
                blocks++;
            found += request.TokensOf(blocks);
            all += request.Tokens;
            foreach (var block in request.Blocks)
            {
                if (places.Remove(block, out var place))
                    young.Remove(place);
                places.Add(block, young.AddLast(block));
            }

            for (; places.Count > capacity; young.RemoveFirst())
                places.Remove(young.First!.Value);
        }

        return (double)found / all;
    }
}
