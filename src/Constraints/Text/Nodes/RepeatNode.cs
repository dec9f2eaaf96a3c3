namespace Penstock.Constraints.Text.Nodes;

/// <summary>From <see cref="Min"/> to <see cref="Max"/> texts of <see cref="Body"/>, one after another. Where the body may be empty, the minimum is 0.</summary>
internal sealed class RepeatNode : Node
{
    public RepeatNode(int id, Node body, int min, int max)
        : base(id)
    {
        Body = body;
        Min = min;
        Max = max;
        HasCondition = body.HasCondition;
        IsPlain = body.IsPlain;
        HasRule = body.HasRule;
        KnowsEnding = (min == 0 || body.KnowsEnding) && !HasCondition;
        IsNullable = min == 0;
        ShortestBytes = NodePool.Checked((long)body.ShortestBytes * min);
        ShortestCharacters = NodePool.Checked((long)body.ShortestCharacters * min);
        LongestCharacters = body.LongestCharacters == 0 ? 0
            : max == Unbounded || body.LongestCharacters > long.MaxValue / max ? long.MaxValue
            : body.LongestCharacters * max;
    }

    public Node Body { get; }

    public int Min { get; }

    public int Max { get; }

    protected override ByteClasses FindClasses() => Body.Classes;

    public override Node Condition(NodePool pool) => Min == 0 ? pool.All : Body.Condition(pool);

    public override Node Take(NodePool pool, Node rest, byte value) => HasCondition
        ? Body.Take(pool, pool.Concat(AfterOne(pool), rest), value)
        : base.Take(pool, rest, value);

    protected override Node Derive(NodePool pool, byte value) => pool.Concat(Body.Step(pool, value), AfterOne(pool));

    private Node AfterOne(NodePool pool) => pool.Repeat(Body, Math.Max(Min - 1, 0), Max == Unbounded ? Max : Max - 1);
}
