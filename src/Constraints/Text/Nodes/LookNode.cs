namespace Penstock.Constraints.Text.Nodes;

/// <summary>Takes nothing and demands that all that follows, up to the end of the text, is in a language: look-ahead, and the end (<c>$</c>).</summary>
internal sealed class LookNode : Node
{
    private readonly Node rest;

    public LookNode(int id, Node rest)
        : base(id)
    {
        this.rest = rest;
        HasCondition = true;
        IsPlain = false;
        KnowsEnding = false;
    }

    protected override ByteClasses FindClasses() => rest.Classes;

    public override Node Condition(NodePool pool) => rest;

    public override Node Take(NodePool pool, Node rest, byte value) => pool.Empty;

    protected override Node Derive(NodePool pool, byte value) => pool.Empty;
}
