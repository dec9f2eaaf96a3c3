namespace Penstock.Constraints.Text.Nodes;

/// <summary>
/// Nodes whose stacks are cut below the top: what the next token can tell of a stack is nearly always at its top, so states at all depths of a nested text have
/// a few outlines in common (<see cref="ConstraintState.Outline"/>).
/// </summary>
internal static class StackOutline
{
    /// <summary>A token that goes on below the cut has taken at least so many bytes that close what is open above it.</summary>
    private const int LeastBytes = 4;

    /// <summary>Parts that may be empty take no bytes; a stack with so many of them is kept whole.</summary>
    private const int MostParts = 64;

    /// <summary>A node that takes whatever the given one takes, and accepts where it does.</summary>
    public static Node Of(NodePool pool, Node node)
    {
        if (!node.HasRule || node.HasCondition)
            return node;

        return node is OrNode or ? pool.Or(Array.ConvertAll(or.Members, member => OfStack(pool, member))) : OfStack(pool, node);
    }

    private static Node OfStack(NodePool pool, Node stack)
    {
        var top = new List<Node>();
        var bytes = 0L;
        var rest = stack;
        for (; bytes < LeastBytes && rest is ConcatNode part && top.Count < MostParts; rest = part.Tail)
        {
            top.Add(part.Head);
            bytes += part.Head.ShortestBytes;
        }

        // Where the rest may be empty the text may end, which an outline must say exactly as the state does.
        if (bytes < LeastBytes || !rest.HasRule || rest.IsNullable)
            return stack;

        var cut = pool.Concat(pool.AnyCharacter, pool.All);
        for (var i = top.Count - 1; i >= 0; i--)
            cut = pool.Concat(top[i], cut);

        return cut;
    }
}
