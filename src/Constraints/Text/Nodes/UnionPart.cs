namespace Penstock.Constraints.Text.Nodes;

/// <summary>A member of a union, taken apart so that what can join stands side by side.</summary>
internal readonly struct UnionPart : IComparable<UnionPart>
{
    private readonly int tail;
    private readonly UnionPartKind kind;
    private readonly int body;
    private readonly int min;

    private UnionPart(Node node, int tail, UnionPartKind kind, int body, int min) =>
        (Node, this.tail, this.kind, this.body, this.min) = (node, tail, kind, body, min);

    public Node Node { get; }

    public static UnionPart Of(NodePool pool, Node node)
    {
        var (head, tail) = node is ConcatNode concat ? (concat.Head, concat.Tail) : (node, pool.Epsilon);
        return head switch
        {
            TrieNode => new(node, tail.Id, UnionPartKind.Trie, 0, 0),
            RepeatNode { HasCondition: false } repeat => new(node, tail.Id, UnionPartKind.Repeat, repeat.Body.Id, repeat.Min),
            _ => new(node, tail.Id, UnionPartKind.Other, node.Id, 0),
        };
    }

    /// <summary>The two as one part, or null where they stay apart.</summary>
    public UnionPart? Join(NodePool pool, UnionPart other)
    {
        if (tail != other.tail || kind != other.kind)
            return null;

        var (head, rest) = Node is ConcatNode concat ? (concat.Head, concat.Tail) : (Node, pool.Epsilon);
        var otherHead = other.Node is ConcatNode otherConcat ? otherConcat.Head : other.Node;
        return (head, otherHead) switch
        {
            (TrieNode a, TrieNode b) => Of(pool, pool.Concat(pool.Tries.Combine(TrieOperation.Union, a, b), rest)),
            (RepeatNode a, RepeatNode b) when kind == UnionPartKind.Repeat && body == other.body && (a.Max == Node.Unbounded || b.Min <= a.Max + 1) =>
                Of(pool, pool.Concat(pool.Repeat(a.Body, Math.Min(a.Min, b.Min), Math.Max(a.Max, b.Max)), rest)),
            _ => null,
        };
    }

    public int CompareTo(UnionPart other)
    {
        if (tail != other.tail)
            return tail.CompareTo(other.tail);

        if (kind != other.kind)
            return ((int)kind).CompareTo((int)other.kind);

        return body != other.body ? body.CompareTo(other.body) : min.CompareTo(other.min);
    }
}
