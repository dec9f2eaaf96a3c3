namespace Penstock.Constraints.Text.Nodes;

/// <summary>The members of a union or an intersection as a key.</summary>
internal readonly struct NodeSet(Node[] members) : IEquatable<NodeSet>
{
    private readonly Node[] members = members;

    public bool Equals(NodeSet other) => members.AsSpan().SequenceEqual(other.members);

    public override bool Equals(object? obj) => obj is NodeSet other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var member in members)
            hash.Add(member.Id);

        return hash.ToHashCode();
    }
}
