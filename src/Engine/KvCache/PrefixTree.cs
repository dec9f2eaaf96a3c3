using Penstock.Engine.Sampling;
using Penstock.Engine.Scheduling.Order;

namespace Penstock.Engine.KvCache;

/// <summary>
/// Which prefixes are cached: a radix tree over tokens in whole blocks (RadixAttention; Zheng et al. 2024, SGLang, section 3),
/// without the KV itself. Prompts of different domains share nothing but what lies in <see cref="Common"/>. Matching, adding and
/// touching take time proportional to the prompt; finding what to evict takes O(owners), and cutting it O(log leaves).
/// </summary>
/// <remarks>
/// <para>A lock holds a node and all above it, so what is not locked can always be evicted, leaf by leaf and from a leaf's end:
/// <see cref="EvictableBlocks"/> is exact.</para>
/// <para>One thread. A block may have any size: one token for a trace that names blocks by a number each.</para>
/// </remarks>
public sealed class PrefixTree
{
    /// <summary>The domain whose prefixes everybody may share, and which go only when nothing else is left: those that an operator has pinned.</summary>
    public const string Common = "*";

    private readonly IEvictionOrder order;
    private readonly PrefixNode root;
    private readonly Dictionary<string, PrefixOwner> owners = new(StringComparer.Ordinal);
    private readonly int quota;
    private long numbers;

    /// <param name="blockTokens">Tokens of a block.</param>
    /// <param name="order">What goes first when room is needed.</param>
    /// <param name="quota">Most blocks that one owner may keep.</param>
    public PrefixTree(int blockTokens, IEvictionOrder order, int quota = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockTokens, 1);
        (BlockTokens, this.order, this.quota) = (blockTokens, order, quota);
        root = new PrefixNode(parent: null, key: 0, Common, new PrefixOwner("", quota), default, numbers++);
    }

    public int BlockTokens { get; }

    /// <summary>Blocks in the tree.</summary>
    public int Blocks { get; private set; }

    /// <summary>Blocks that nobody uses and that <see cref="Cut"/> can take.</summary>
    public int EvictableBlocks { get; private set; }

    public int Nodes { get; private set; }

    /// <summary>Requests so far, as <see cref="Touch"/> counts them.</summary>
    public long Requests { get; private set; }

    /// <summary>Grows whenever a match or the evictable blocks may have changed.</summary>
    public long Version { get; private set; }

    /// <summary>The account of this name.</summary>
    public PrefixOwner OwnerOf(string name)
    {
        if (!owners.TryGetValue(name, out var owner))
            owners.Add(name, owner = new PrefixOwner(name, name == Common ? int.MaxValue : quota));
        return owner;
    }

    /// <summary>The longest prefix of whole blocks that is there for this domain. Changes nothing.</summary>
    /// <param name="domain">Who asks.</param>
    /// <param name="tokens">The prompt from its first token.</param>
    /// <param name="from">A node on whose path the prompt's first tokens are known to lie; null = the root.</param>
    public PrefixMatch Match(PrefixDomain domain, ReadOnlySpan<int> tokens, PrefixNode? from = null)
    {
        var node = from ?? root;
        var length = node.End;
        while (tokens.Length - length >= BlockTokens && length == node.End)
        {
            var (own, shared) = (Child(node, domain, tokens[length..]), Child(node, domain.Common, tokens[length..]));
            var (next, agreed) = own.Tokens > shared.Tokens ? own : shared;
            if (next is null || agreed == 0)
                break;

            (node, length) = (next, length + agreed);
        }

        return new PrefixMatch(node, length);
    }

    /// <summary>Blocks of a match that are evictable as long as nobody locks them.</summary>
    public int Unlocked(PrefixMatch match)
    {
        var blocks = 0;
        for (var (node, end) = (match.Node, match.Length); node.Parent is not null && node.Locks == 0; (node, end) = (node.Parent, node.Start))
            blocks += (end - node.Start) / BlockTokens;
        return blocks;
    }

    /// <summary>Blocks of the path to a locked node that nobody but one holds.</summary>
    public int HeldOnce(PrefixNode node)
    {
        var blocks = 0;
        for (; node.Parent is not null && node.Locks == 1; node = node.Parent)
            blocks += node.Blocks(BlockTokens);
        return blocks;
    }

    /// <summary>The node that ends where the match does; an edge that goes on is split there.</summary>
    public PrefixNode Reach(PrefixMatch match) => match.Length == match.Node.End ? match.Node : Split(match.Node, match.Length);

    /// <summary>Counts a request that uses the path to this node.</summary>
    public void Touch(PrefixNode node)
    {
        Requests++;
        for (; node.Parent is not null; node = node.Parent)
        {
            order.Reused(Requests - node.LastUse, node.Tokens.Length / BlockTokens);
            node.Uses++;
            Refresh(node);
        }
    }

    /// <summary>Adds a leaf: whole blocks below a node that has nothing that begins with the first of them.</summary>
    /// <returns>Null when another block of the same hash has the place: a chance of one in 2^64.</returns>
    public PrefixNode? Add(PrefixNode parent, PrefixDomain domain, PrefixOwner owner, ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty || tokens.Length % BlockTokens != 0)
            throw new ArgumentException($"A leaf has whole blocks of {BlockTokens} tokens; these are {tokens.Length}.", nameof(tokens));

        var leaf = new PrefixNode(parent, Key(domain, tokens[..BlockTokens]), domain, owner, tokens.ToArray(), numbers++) { Uses = 1 };
        if (!(parent.Children ??= []).TryAdd(leaf.Key, leaf))
            return null;

        Dequeue(parent);
        Count(leaf, tokens.Length / BlockTokens);
        Nodes++;
        Refresh(leaf);
        Enqueue(leaf);
        return leaf;
    }

    /// <summary>Keeps the path to this node from being evicted until <see cref="Unlock"/>.</summary>
    public void Lock(PrefixNode node)
    {
        Version++;
        for (; node.Parent is not null; node = node.Parent)
        {
            if (node.Locks++ > 0)
                continue;

            EvictableBlocks -= node.Tokens.Length / BlockTokens;
            Dequeue(node);
        }
    }

    /// <summary>Ends one <see cref="Lock"/>. What nobody holds any more counts as used until now.</summary>
    public void Unlock(PrefixNode node)
    {
        Version++;
        for (; node.Parent is not null; node = node.Parent)
        {
            if (--node.Locks > 0)
                continue;

            EvictableBlocks += node.Tokens.Length / BlockTokens;
            Refresh(node);
            Enqueue(node);
        }
    }

    /// <summary>The leaf that goes first, of all owners or of one; null when none can go.</summary>
    public PrefixNode? Victim(PrefixOwner? owner = null)
    {
        if (owner is not null)
            return owner.Leaves.First;

        PrefixNode? least = null;
        foreach (var (_, each) in owners)
        {
            if (each.Leaves.First is { } leaf && (least is null || leaf.Rank < least.Rank))
                least = leaf;
        }

        return least;
    }

    /// <summary>Takes blocks from the end of a leaf that is not locked, and the leaf itself when it takes them all.</summary>
    /// <returns>The node that holds the rest of the path as a leaf: the leaf, its parent when that has nothing else below it, or null.</returns>
    public PrefixNode? Cut(PrefixNode leaf, int blocks)
    {
        if (!leaf.IsLeaf || leaf.Locks > 0 || leaf.Parent is not { } parent)
            throw new InvalidOperationException("Only a leaf that nobody uses can be cut.");

        Count(leaf, -blocks);
        Dequeue(leaf);
        if (leaf.Tokens.Length > blocks * BlockTokens)
        {
            leaf.Tokens = leaf.Tokens[..^(blocks * BlockTokens)];
            leaf.End -= blocks * BlockTokens;
            Enqueue(leaf);
            return leaf;
        }

        Nodes--;
        parent.Children!.Remove(leaf.Key);
        if (parent == root || !parent.IsLeaf)
            return null;

        Enqueue(parent);
        return parent;
    }

    /// <summary>Verifies the invariants. For tests.</summary>
    /// <returns>Null when all hold, else the first that does not.</returns>
    public string? Check()
    {
        var (blocks, evictable, nodes) = (0, 0, 0);
        foreach (var node in All())
        {
            var size = node.Blocks(BlockTokens);
            (blocks, evictable, nodes) = (blocks + size, evictable + (node.Locks == 0 ? size : 0), nodes + 1);
            if (size == 0 || node.Tokens.Length % BlockTokens != 0 || node.Start != node.Parent!.End)
                return "a node has no whole blocks, or does not begin where its parent ends";
            if (node.Locks > 0 && node.Parent!.Locks < node.Locks && node.Parent != root)
                return "a node is held more often than its parent";
            if (IndexedHeap<PrefixNode, LeafOrder>.Holds(node) != (node.IsLeaf && node.Locks == 0))
                return "a leaf that nobody uses is not queued, or another node is";
        }

        if ((blocks, evictable, nodes) != (Blocks, EvictableBlocks, Nodes))
            return $"{blocks} blocks, {evictable} evictable and {nodes} nodes are there; {Blocks}, {EvictableBlocks} and {Nodes} are counted";
        return owners.Values.Sum(owner => owner.Blocks) == blocks ? null : "the owners' blocks are not those of the tree";
    }

    /// <summary>Any leaf at or below a node.</summary>
    internal static PrefixNode LeafBelow(PrefixNode node)
    {
        while (!node.IsLeaf)
        {
            using var children = node.Children!.Values.GetEnumerator();
            children.MoveNext();
            node = children.Current;
        }

        return node;
    }

    /// <summary>All nodes but the root. For tests and reports: slow.</summary>
    internal IEnumerable<PrefixNode> All()
    {
        var open = new Stack<PrefixNode>([root]);
        while (open.TryPop(out var node))
        {
            if (node != root)
                yield return node;
            foreach (var child in node.Children?.Values ?? Enumerable.Empty<PrefixNode>())
                open.Push(child);
        }
    }

    private (PrefixNode? Node, int Tokens) Child(PrefixNode node, PrefixDomain domain, ReadOnlySpan<int> tokens)
    {
        if (node.Children is null || !node.Children.TryGetValue(Key(domain, tokens[..BlockTokens]), out var child) || child.Domain != domain)
            return default;

        var agreed = child.Tokens.Span.CommonPrefixLength(tokens);
        return (child, agreed - (agreed % BlockTokens));
    }

    private PrefixNode Split(PrefixNode lower, int at)
    {
        var parent = lower.Parent!;
        var size = at - lower.Start;
        var upper = new PrefixNode(parent, lower.Key, lower.Domain, lower.Owner, lower.Tokens[..size], numbers++)
        {
            Locks = lower.Locks,
            Uses = lower.Uses,
            LastUse = lower.LastUse,
            Rank = lower.Rank,
            Children = new Dictionary<ulong, PrefixNode>(),
        };
        parent.Children![upper.Key] = upper;
        (lower.Parent, lower.Tokens) = (upper, lower.Tokens[size..]);
        lower.Key = Key(lower.Domain, lower.Tokens.Span[..BlockTokens]);
        upper.Children.Add(lower.Key, lower);
        Nodes++;
        Version++;
        return upper;
    }

    private void Refresh(PrefixNode node)
    {
        node.LastUse = Requests;
        node.Rank = node.Domain.Name == Common ? double.MaxValue : order.Rank(Requests, node.Uses, node.End);
        node.Owner.Leaves.Update(node);
    }

    private void Count(PrefixNode node, int blocks)
    {
        Version++;
        Blocks += blocks;
        EvictableBlocks += blocks;
        node.Owner.Blocks += blocks;
    }

    private static void Enqueue(PrefixNode node)
    {
        if (node is { IsLeaf: true, Locks: 0 })
            node.Owner.Leaves.Add(node);
    }

    private static void Dequeue(PrefixNode node) => node.Owner.Leaves.Remove(node);

    private static ulong Key(PrefixDomain domain, ReadOnlySpan<int> block)
    {
        var hash = (ulong)domain.GetHashCode();
        foreach (var token in block)
            hash = CounterRandom.Bits(hash, (uint)token);
        return hash;
    }
}
