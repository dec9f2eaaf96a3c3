namespace Penstock.Constraints.Text.Nodes;

/// <summary>What makes two tries equal.</summary>
internal readonly struct TrieKey(bool accepts, TrieEdge[] edges) : IEquatable<TrieKey>
{
    private readonly bool accepts = accepts;

    public TrieEdge[] Edges { get; } = edges;

    public bool Equals(TrieKey other)
    {
        if (accepts != other.accepts || Edges.Length != other.Edges.Length)
            return false;

        for (var i = 0; i < Edges.Length; i++)
        {
            if (Edges[i].First != other.Edges[i].First || Edges[i].Last != other.Edges[i].Last || !ReferenceEquals(Edges[i].Target, other.Edges[i].Target))
                return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is TrieKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(accepts);
        foreach (var edge in Edges)
        {
            hash.Add((edge.First << 8) | edge.Last);
            hash.Add(edge.Target.Id);
        }

        return hash.ToHashCode();
    }
}
