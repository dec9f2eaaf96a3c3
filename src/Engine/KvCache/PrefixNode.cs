namespace Penstock.Engine.KvCache;

/// <summary>An edge of a <see cref="PrefixTree"/> and the node that it leads to: one or more whole blocks of tokens. Changed by the tree only.</summary>
public sealed class PrefixNode
{
    internal const int NoSequence = -1;

    private int place;

    internal PrefixNode(PrefixNode? parent, ulong key, PrefixDomain domain, PrefixOwner owner, ReadOnlyMemory<int> tokens, long number)
    {
        (Parent, Key, Domain, Owner, Tokens, Number) = (parent, key, domain, owner, tokens, number);
        End = (parent?.End ?? 0) + tokens.Length;
    }

    /// <summary>Who may find it.</summary>
    public PrefixDomain Domain { get; }

    public PrefixOwner Owner { get; }

    /// <summary>Tokens from the beginning of the prompt to its end.</summary>
    public int End { get; internal set; }

    /// <summary>Its own blocks.</summary>
    public int Blocks(int blockTokens) => Tokens.Length / blockTokens;

    internal PrefixNode? Parent { get; set; }

    /// <summary>Its place among its parent's children: a hash of domain and first block.</summary>
    internal ulong Key { get; set; }

    /// <summary>The edge's own tokens.</summary>
    internal ReadOnlyMemory<int> Tokens { get; set; }

    internal int Start => End - Tokens.Length;

    /// <summary>By <see cref="Key"/>; null when there are none.</summary>
    internal Dictionary<ulong, PrefixNode>? Children { get; set; }

    internal bool IsLeaf => Children is null || Children.Count == 0;

    /// <summary>Running sequences and pins that hold it or something below it.</summary>
    internal int Locks { get; set; }

    internal int Uses { get; set; }

    internal long LastUse { get; set; }

    internal double Rank { get; set; }

    /// <summary>Its place in its owner's heap of leaves.</summary>
    internal ref int Place => ref place;

    internal long Number { get; }

    /// <summary>The parked sequence that holds the whole path; leaves have one.</summary>
    internal int Sequence { get; set; } = NoSequence;
}
