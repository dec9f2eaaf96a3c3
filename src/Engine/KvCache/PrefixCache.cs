using Penstock.Engine.Running;

namespace Penstock.Engine.KvCache;

/// <summary>
/// Computed prefixes that are kept for those who come later: a <see cref="PrefixTree"/> over a runner's KV. Each leaf is a parked
/// sequence that holds its whole path (decision 0002), so nothing is ever moved. One thread.
/// </summary>
/// <remarks>
/// A running sequence that holds blocks of the tree has a lease: a locked node whose path is exactly what it holds of them. So
/// every block is free, held by running sequences alone, or in the tree, and those of the tree that nobody has leased can be evicted.
/// </remarks>
public sealed class PrefixCache
{
    private readonly IKvStore kv;
    private readonly PrefixTree tree;
    private readonly Stack<int> parked;

    /// <param name="kv">The runner's KV memory.</param>
    /// <param name="firstSequence">The first sequence number that is the cache's own; running ones lie below.</param>
    /// <param name="sequences">How many it has: most leaves at a time.</param>
    /// <param name="order">What is evicted first; null = <see cref="DecayingValue"/>.</param>
    /// <param name="ownerShare">Most of all blocks that one owner may keep, as a fraction.</param>
    public PrefixCache(IKvStore kv, int firstSequence, int sequences, IEvictionOrder? order = null, double ownerShare = 1)
    {
        this.kv = kv;
        tree = new PrefixTree(kv.BlockTokens, order ?? new DecayingValue(), (int)(ownerShare * kv.TotalBlocks));
        parked = new Stack<int>(Enumerable.Range(firstSequence, sequences).Reverse());
    }

    /// <summary>Blocks that the cache holds, alone or with running sequences.</summary>
    public int Blocks => tree.Blocks;

    /// <summary>Blocks that it holds alone, and that <see cref="MakeRoom"/> can free.</summary>
    public int EvictableBlocks => tree.EvictableBlocks;

    /// <summary>Nodes of the tree.</summary>
    public int Nodes => tree.Nodes;

    /// <summary>Grows whenever <see cref="Find"/> may have another answer.</summary>
    public long Version => tree.Version;

    /// <summary>Blocks evicted since the start.</summary>
    public long EvictedBlocks { get; private set; }

    /// <summary>The account of this name.</summary>
    public PrefixOwner OwnerOf(string name) => tree.OwnerOf(name);

    /// <summary>What of a prompt is there.</summary>
    /// <returns>Its blocks, and how many of them are evictable now and would not be any more.</returns>
    public (int Blocks, int Evictable) Find(PrefixDomain domain, ReadOnlySpan<int> tokens)
    {
        var match = tree.Match(domain, tokens);
        return (match.Length / tree.BlockTokens, tree.Unlocked(match));
    }

    /// <summary>Lets a sequence begin with what is cached of its tokens, or go on with what has been cached since.</summary>
    /// <param name="domain">Who may share with whom.</param>
    /// <param name="tokens">The tokens that the sequence may begin with.</param>
    /// <param name="sequence">A sequence that holds what its lease says and nothing else.</param>
    /// <param name="lease">Its lease so far; null = it is empty.</param>
    /// <returns>Its lease from now on; what it had reserved is let go when that is another.</returns>
    public PrefixNode? Attach(PrefixDomain domain, ReadOnlySpan<int> tokens, int sequence, PrefixNode? lease)
    {
        var match = tree.Match(domain, tokens, lease);
        var stored = lease?.End ?? 0;
        if (match.Length <= stored)
        {
            if (lease is null)
                tree.Touch(match.Node);
            return lease;
        }

        var node = tree.Reach(match);
        if (lease is null)
            tree.Touch(node);
        kv.Share(PrefixTree.LeafBelow(node).Sequence, sequence, stored, match.Length);
        return Move(lease, node);
    }

    /// <summary>Keeps what a running sequence has computed, which goes on holding it.</summary>
    /// <param name="domain">Who may share with whom.</param>
    /// <param name="owner">On whose account.</param>
    /// <param name="tokens">The sequence's tokens from its first, as far as they may be kept.</param>
    /// <param name="sequence">The sequence.</param>
    /// <param name="lease">Its lease so far.</param>
    /// <returns>Its lease from now on. The same when others have computed the same meanwhile: two copies of a block cannot have one lease.</returns>
    public PrefixNode? Keep(PrefixDomain domain, PrefixOwner owner, ReadOnlySpan<int> tokens, int sequence, PrefixNode? lease)
    {
        var whole = Whole(tokens, sequence);
        var match = tree.Match(domain, whole, lease);
        return match.Length == (lease?.End ?? 0) && Add(match, domain, owner, whole, sequence) is { } leaf ? Move(lease, leaf) : lease;
    }

    /// <summary>Keeps what a sequence has computed that is about to be released, lease and all. No other running sequence may hold any of it beyond the lease.</summary>
    public void KeepLast(PrefixDomain domain, PrefixOwner owner, ReadOnlySpan<int> tokens, int sequence, PrefixNode? lease)
    {
        var whole = Whole(tokens, sequence);
        Add(tree.Match(domain, whole, lease), domain, owner, whole, sequence);
    }

    /// <summary>Blocks that become evictable when this lease ends.</summary>
    public int Releases(PrefixNode lease) => tree.HeldOnce(lease);

    /// <summary>Ends a lease, once the sequence is released.</summary>
    public void Detach(PrefixNode lease) => tree.Unlock(lease);

    /// <summary>Evicts until so many blocks are free.</summary>
    /// <returns>False when all that can be evicted is not enough.</returns>
    public bool MakeRoom(int freeBlocks)
    {
        while (kv.FreeBlocks < freeBlocks && tree.Victim() is { } leaf)
            Cut(leaf, freeBlocks - kv.FreeBlocks);
        return kv.FreeBlocks >= freeBlocks;
    }

    /// <summary>Evicts all that an adapter has computed. Nobody may run with it any more.</summary>
    public void Drop(int adapter)
    {
        List<PrefixNode> leaves = [.. tree.All().Where(node => node.IsLeaf && node.Domain.Adapter.Number == adapter)];
        foreach (var leaf in leaves)
        {
            // What is above the last leaf of a branch becomes a leaf with the same sequence.
            for (var node = leaf; node is { IsLeaf: true, Parent: not null } && node.Domain.Adapter.Number == adapter; node = node.Parent)
                Cut(node, int.MaxValue);
        }
    }

    /// <summary>Verifies the invariants. For tests.</summary>
    /// <returns>Null when all hold, else the first that does not.</returns>
    public string? Check()
    {
        foreach (var node in tree.All())
        {
            if (node.IsLeaf ? kv.Length(node.Sequence) != node.End : node.Sequence != PrefixNode.NoSequence)
                return "a leaf has no sequence of its length, or an inner node has one";
        }

        return tree.Check();
    }

    private ReadOnlySpan<int> Whole(ReadOnlySpan<int> tokens, int sequence)
    {
        var length = Math.Min(tokens.Length, kv.Length(sequence));
        return tokens[..(length - (length % tree.BlockTokens))];
    }

    private PrefixNode Move(PrefixNode? lease, PrefixNode node)
    {
        tree.Lock(node);
        if (lease is not null)
            tree.Unlock(lease);
        return node;
    }

    private PrefixNode? Add(PrefixMatch match, PrefixDomain domain, PrefixOwner owner, ReadOnlySpan<int> whole, int sequence)
    {
        if (whole.Length <= match.Length)
            return null;

        // Locked, so that what goes for the quota or for a number is not what the new leaf grows from.
        var node = tree.Reach(match);
        tree.Lock(node);
        var end = match.Length + (Allowed(owner, (whole.Length - match.Length) / tree.BlockTokens) * tree.BlockTokens);
        var leaf = end > match.Length ? Add(node, domain, owner, whole[..end], sequence) : null;
        tree.Unlock(node);
        return leaf;
    }

    private PrefixNode? Add(PrefixNode node, PrefixDomain domain, PrefixOwner owner, ReadOnlySpan<int> tokens, int sequence)
    {
        if (node.Sequence == PrefixNode.NoSequence && !AnyNumber())
            return null;

        var source = node.End == 0 ? PrefixNode.NoSequence : PrefixTree.LeafBelow(node).Sequence;
        if (tree.Add(node, domain, owner, tokens[node.End..]) is not { } leaf)
            return null;

        // What was a leaf, perhaps since the last below it went for the number, hands its sequence on.
        (leaf.Sequence, node.Sequence) = (node.Sequence, PrefixNode.NoSequence);
        if (leaf.Sequence == PrefixNode.NoSequence)
        {
            leaf.Sequence = parked.Pop();
            if (node.End > 0)
                kv.Share(source, leaf.Sequence, 0, node.End);
        }

        kv.Share(sequence, leaf.Sequence, node.End, leaf.End);
        return leaf;
    }

    // Blocks that the owner may add, at the cost of its own least worth.
    private int Allowed(PrefixOwner owner, int blocks)
    {
        while (owner.Blocks + blocks > owner.Quota && tree.Victim(owner) is { } leaf)
            Cut(leaf, owner.Blocks + blocks - owner.Quota);
        return Math.Clamp(owner.Quota - owner.Blocks, 0, blocks);
    }

    private bool AnyNumber()
    {
        while (parked.Count == 0 && tree.Victim() is { } leaf)
            Cut(leaf, int.MaxValue);
        return parked.Count > 0;
    }

    private void Cut(PrefixNode leaf, int blocks)
    {
        blocks = Math.Min(blocks, leaf.Blocks(tree.BlockTokens));
        EvictedBlocks += blocks;
        var sequence = leaf.Sequence;
        leaf.Sequence = PrefixNode.NoSequence;
        if (tree.Cut(leaf, blocks) is { } rest)
        {
            rest.Sequence = sequence;
            kv.Truncate(sequence, rest.End);
            return;
        }

        kv.Release(sequence);
        parked.Push(sequence);
    }
}
