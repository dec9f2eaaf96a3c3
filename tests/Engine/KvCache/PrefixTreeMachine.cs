using Penstock.Engine.KvCache;

namespace Penstock.Engine.Tests.KvCache;

/// <summary>A prefix tree beside a model: the set of all prefixes that were added and have not been cut.</summary>
internal sealed class PrefixTreeMachine(int seed)
{
    private const int BlockTokens = 2;

    private readonly Random random = new(seed);
    private readonly PrefixTree tree = new(BlockTokens, seed % 2 == 0 ? new DecayingValue(50) : new LeastRecentlyUsed());
    private readonly HashSet<string> model = [];
    private readonly List<(PrefixNode Node, string[] Path)> locks = [];

    public void Run(int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            var domain = random.Next(3) == 0 ? "b" : "a";
            int[] tokens = [.. Enumerable.Range(0, random.Next(1, 14)).Select(_ => random.Next(2))];
            switch (random.Next(6))
            {
                case 0 when tree.Victim() is { } leaf:
                    Cut(leaf);
                    break;
                case 1 when locks.Count > 0:
                    tree.Unlock(locks[0].Node);
                    locks.RemoveAt(0);
                    break;
                case 2:
                    Lock(domain, tokens);
                    break;
                default:
                    Add(domain, tokens);
                    break;
            }

            Verify(domain, tokens);
        }
    }

    private void Add(string domain, int[] tokens)
    {
        var whole = tokens[..(tokens.Length / BlockTokens * BlockTokens)];
        var match = tree.Match(domain, whole);
        var node = tree.Reach(match);
        tree.Touch(node);
        if (whole.Length > match.Length)
            Assert.Equal(whole.Length, tree.Add(node, domain, tree.OwnerOf(domain), whole.AsSpan(match.Length))!.End);
        model.UnionWith(Prefixes(domain, whole));
    }

    private void Lock(string domain, int[] tokens)
    {
        var match = tree.Match(domain, tokens);
        var before = tree.EvictableBlocks;
        var unlocked = tree.Unlocked(match);
        var node = tree.Reach(match);
        tree.Lock(node);
        Assert.Equal(before - unlocked, tree.EvictableBlocks);
        locks.Add((node, [.. Prefixes(domain, tokens[..match.Length])]));
    }

    private void Cut(PrefixNode leaf)
    {
        var path = new List<int>();
        for (var node = leaf; node.Parent is not null; node = node.Parent)
            path.InsertRange(0, node.Tokens.ToArray());
        var blocks = random.Next(1, leaf.Blocks(BlockTokens) + 1);
        foreach (var prefix in Prefixes(leaf.Domain.Name, [.. path]).TakeLast(blocks))
            Assert.True(model.Remove(prefix));
        tree.Cut(leaf, blocks);
    }

    private void Verify(string domain, int[] tokens)
    {
        Assert.Null(tree.Check());
        Assert.Equal(model.Count, tree.Blocks);
        Assert.Equal(Prefixes(domain, tokens).TakeWhile(model.Contains).Count() * BlockTokens, tree.Match(domain, tokens).Length);
        Assert.All(locks, held => Assert.Subset(model, held.Path.ToHashSet()));
        var locked = locks.SelectMany(held => held.Path).Distinct().Count();
        Assert.Equal(model.Count - locked, tree.EvictableBlocks);
    }

    private static IEnumerable<string> Prefixes(string domain, int[] tokens)
    {
        for (var end = BlockTokens; end <= tokens.Length; end += BlockTokens)
            yield return $"{domain}:{string.Concat(tokens.Take(end))}";
    }
}
