namespace Penstock.Constraints.Text.Nodes;

/// <summary>
/// The valid UTF-8 that is not in <see cref="Body"/>. <see cref="Open"/> is what completes the character that is open where this node stands: the set
/// of the empty string between characters.
/// </summary>
internal sealed class NotNode : Node
{
    private readonly TrieNode characters;

    public NotNode(int id, NodePool pool, Node body, TrieNode open)
        : base(id)
    {
        characters = ReferenceEquals(open, pool.Epsilon) ? pool.AnyCharacter : open;
        Body = body;
        Open = open;
        IsPlain = false;
        KnowsEnding = false;
        IsNullable = ReferenceEquals(open, pool.Epsilon) && !body.IsNullable;
        ShortestBytes = IsNullable ? 0 : Math.Max(open.ShortestBytes, body.IsNullable ? 1 : 0);
        ShortestCharacters = body.IsNullable ? 1 : 0;
        LongestCharacters = long.MaxValue;
    }

    public Node Body { get; }

    public TrieNode Open { get; }

    protected override ByteClasses FindClasses() => Body.Classes | characters.Classes;

    protected override Node Derive(NodePool pool, byte value)
    {
        NodePool.GuardStack();
        return characters.Find(value) is { } open ? pool.Not(Body.Step(pool, value), open) : pool.Empty;
    }
}
