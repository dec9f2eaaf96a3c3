namespace Penstock.Constraints.Text.Nodes;

/// <summary>A text of <see cref="Head"/>, then one of <see cref="Tail"/>. The head is never itself a concatenation.</summary>
/// <remarks>Where the head has conditions, the tail is all that follows up to the end of the text.</remarks>
internal sealed class ConcatNode : Node
{
    public ConcatNode(int id, NodePool pool, Node head, Node tail)
        : base(id)
    {
        Head = head;
        Tail = tail;
        HasCondition = head.HasCondition || tail.HasCondition;
        IsPlain = head.IsPlain && tail.IsPlain && !HasCondition;
        HasRule = head.HasRule || tail.HasRule;
        KnowsEnding = head.KnowsEnding && tail.KnowsEnding && !HasCondition;
        ShortestBytes = NodePool.Checked((long)head.ShortestBytes + tail.ShortestBytes);
        ShortestCharacters = NodePool.Checked((long)head.ShortestCharacters + tail.ShortestCharacters);
        LongestCharacters = Sum(head.LongestCharacters, tail.LongestCharacters);
        IsNullable = tail.IsNullable && (head.HasCondition ? head.Condition(pool).IsNullable : head.IsNullable);
    }

    public Node Head { get; }

    public Node Tail { get; }

    protected override ByteClasses FindClasses() => Head.HasCondition || Head.IsNullable ? Head.Classes | Tail.Classes : Head.Classes;

    public override Node Condition(NodePool pool) =>
        HasCondition ? pool.And(Head.Condition(pool), Tail.Condition(pool)) : base.Condition(pool);

    public override Node Take(NodePool pool, Node rest, byte value)
    {
        if (!HasCondition)
            return base.Take(pool, rest, value);

        NodePool.GuardStack();
        var taken = Head.Take(pool, pool.Concat(Tail, rest), value);
        var condition = Head.Condition(pool);
        return ReferenceEquals(condition, pool.Empty)
            ? taken
            : pool.Or(taken, pool.And(condition.Step(pool, value), Tail.Take(pool, rest, value)));
    }

    protected override Node Derive(NodePool pool, byte value)
    {
        NodePool.GuardStack();
        if (Head.HasCondition)
        {
            var condition = Head.Condition(pool);
            var taken = Head.Take(pool, Tail, value);
            return ReferenceEquals(condition, pool.Empty) ? taken : pool.Or(taken, pool.And(condition.Step(pool, value), Tail.Step(pool, value)));
        }

        var first = pool.Concat(Head.Step(pool, value), Tail);
        return Head.IsNullable ? pool.Or(first, Tail.Step(pool, value)) : first;
    }
}
