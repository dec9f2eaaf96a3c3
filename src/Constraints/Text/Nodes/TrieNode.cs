namespace Penstock.Constraints.Text.Nodes;

/// <summary>
/// A finite set of byte strings as an acyclic deterministic automaton, shared where it is equal: one character of a class (as its UTF-8), a literal, the 500
/// values of an enumeration. The set of the empty string alone and the empty set are tries without edges.
/// </summary>
internal sealed class TrieNode : Node
{
    private readonly TrieNode empty;

    /// <param name="accepts">Whether the empty string is in the set.</param>
    /// <param name="edges">In order, apart from each other, with targets that are not empty.</param>
    /// <param name="empty">The empty set; null for itself.</param>
    public TrieNode(int id, bool accepts, TrieEdge[] edges, TrieNode? empty)
        : base(id)
    {
        this.empty = empty ?? this;
        Edges = edges;
        IsNullable = accepts;
        KnowsEnding = accepts || edges.Length > 0;
        var bytes = int.MaxValue;
        var characters = int.MaxValue;
        foreach (var edge in edges)
        {
            var begins = edge.Begins ? 1 : 0;
            bytes = Math.Min(bytes, edge.Target.ShortestBytes + 1);
            characters = Math.Min(characters, edge.Target.ShortestCharacters + begins);
            LongestCharacters = Math.Max(LongestCharacters, edge.Target.LongestCharacters + begins);
        }

        ShortestBytes = accepts || edges.Length == 0 ? 0 : bytes;
        ShortestCharacters = accepts || edges.Length == 0 ? 0 : characters;
        Count = CountOf(accepts, edges);
        IsOneCharacter = !accepts && edges.Length > 0 && LongestCharacters == 1 && edges[0].Begins && Array.TrueForAll(edges, static e => e.Target.IsEndOfCharacter);
        IsEndOfCharacter = (accepts && edges.Length == 0)
            || (!accepts && edges.Length > 0 && !edges[0].Begins && Array.TrueForAll(edges, static e => e.Target.IsEndOfCharacter));
    }

    public TrieEdge[] Edges { get; }

    /// <summary>How many strings are in it, up to <see cref="long.MaxValue"/>.</summary>
    public long Count { get; }

    /// <summary>Whether each of its strings is one whole character.</summary>
    public bool IsOneCharacter { get; }

    private bool IsEndOfCharacter { get; }

    public override Node Step(NodePool pool, byte value) => Find(value) ?? empty;

    /// <summary>What follows a byte, or null.</summary>
    public TrieNode? Find(byte value)
    {
        var edges = Edges;
        var (low, high) = (0, edges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (value > edges[middle].Last)
                low = middle + 1;
            else if (value < edges[middle].First)
                high = middle - 1;
            else
                return edges[middle].Target;
        }

        return null;
    }

    protected override ByteClasses FindClasses()
    {
        var classes = ByteClasses.Whole;
        foreach (var edge in Edges)
            classes = classes.Cut(edge.First, edge.Last);

        return classes;
    }

    protected override Node Derive(NodePool pool, byte value) => Find(value) ?? empty;

    private static long CountOf(bool accepts, TrieEdge[] edges)
    {
        Int128 count = accepts ? 1 : 0;
        foreach (var edge in edges)
            count += (Int128)edge.Target.Count * (edge.Last - edge.First + 1);

        return (long)Int128.Min(count, long.MaxValue);
    }
}
