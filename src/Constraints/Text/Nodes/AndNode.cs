namespace Penstock.Constraints.Text.Nodes;

/// <summary>The texts of all of its members: at least two, in the order of their numbers, none an intersection.</summary>
internal sealed class AndNode : Node
{
    public AndNode(int id, Node[] members)
        : base(id)
    {
        Members = members;
        IsNullable = true;
        IsPlain = false;
        KnowsEnding = false;
        LongestCharacters = long.MaxValue;
        foreach (var member in members)
        {
            IsNullable &= member.IsNullable;
            ShortestBytes = Math.Max(ShortestBytes, member.ShortestBytes);
            ShortestCharacters = Math.Max(ShortestCharacters, member.ShortestCharacters);
            LongestCharacters = Math.Min(LongestCharacters, member.LongestCharacters);
        }
    }

    public Node[] Members { get; }

    protected override ByteClasses FindClasses()
    {
        var classes = ByteClasses.Whole;
        foreach (var member in Members)
            classes |= member.Classes;

        return classes;
    }

    protected override Node Derive(NodePool pool, byte value)
    {
        NodePool.GuardStack();
        var next = new Node[Members.Length];
        for (var i = 0; i < next.Length; i++)
        {
            next[i] = Members[i].Step(pool, value);
            if (ReferenceEquals(next[i], pool.Empty))
                return pool.Empty;
        }

        return pool.And(next);
    }
}
