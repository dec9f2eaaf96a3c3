namespace Penstock.Constraints.Text.Nodes;

/// <summary>The texts of any of its members: at least two, in the order of their numbers, none a union.</summary>
internal sealed class OrNode : Node
{
    public OrNode(int id, Node[] members)
        : base(id)
    {
        Members = members;
        var (bytes, characters) = (int.MaxValue, int.MaxValue);
        foreach (var member in members)
        {
            IsNullable |= member.IsNullable;
            IsPlain &= member.IsPlain;
            HasCondition |= member.HasCondition;
            HasRule |= member.HasRule;
            bytes = Math.Min(bytes, member.ShortestBytes);
            characters = Math.Min(characters, member.ShortestCharacters);
            LongestCharacters = Math.Max(LongestCharacters, member.LongestCharacters);
        }

        ShortestBytes = bytes;
        ShortestCharacters = characters;
        KnowsEnding = Array.Exists(members, m => m.KnowsEnding && m.ShortestBytes == bytes) && Array.Exists(members, m => m.KnowsEnding && m.ShortestCharacters == characters);
    }

    public Node[] Members { get; }

    protected override ByteClasses FindClasses()
    {
        var classes = ByteClasses.Whole;
        foreach (var member in Members)
            classes |= member.Classes;

        return classes;
    }

    public override Node Condition(NodePool pool) =>
        HasCondition ? pool.Or(Array.ConvertAll(Members, member => member.Condition(pool))) : base.Condition(pool);

    public override Node Take(NodePool pool, Node rest, byte value)
    {
        if (!HasCondition)
            return base.Take(pool, rest, value);

        NodePool.GuardStack();
        return pool.Or(Array.ConvertAll(Members, member => member.Take(pool, rest, value)));
    }

    protected override Node Derive(NodePool pool, byte value)
    {
        NodePool.GuardStack();
        return pool.Or(Array.ConvertAll(Members, member => member.Step(pool, value)));
    }
}
