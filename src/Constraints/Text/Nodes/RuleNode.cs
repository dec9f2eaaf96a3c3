namespace Penstock.Constraints.Text.Nodes;

/// <summary>
/// A call of a rule that calls itself. What comes after the call is the tail of the concatenation that it heads: a stack, shared where stacks are
/// equal, and a union of such is the set of stacks of an ambiguous text.
/// </summary>
internal sealed class RuleNode : Node
{
    public RuleNode(int id, int shortestBytes, int shortestCharacters)
        : base(id)
    {
        IsPlain = false;
        HasRule = true;
        IsNullable = shortestBytes == 0;
        ShortestBytes = shortestBytes;
        ShortestCharacters = shortestCharacters;
        LongestCharacters = long.MaxValue;
    }

    /// <summary>The rule's right side; set once, before the first step. It does not begin with the rule itself.</summary>
    public Node? Body { private get; set; }

    /// <summary>The rule's right side, once it is there.</summary>
    public Node Right => Body ?? throw new InvalidOperationException("The rule is not complete.");

    public override Node Step(NodePool pool, byte value)
    {
        NodePool.GuardStack();
        return Right.Step(pool, value);
    }

    protected override ByteClasses FindClasses() => Right.Classes;

    protected override Node Derive(NodePool pool, byte value) => Right.Step(pool, value);
}
