using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Text;

/// <summary>The characters that a state does not tell apart from each other as they follow it in a row, and how many of them may.</summary>
internal sealed record CharacterLoop(CharacterSet Characters, int Length)
{
    private static readonly CharacterLoop None = new(default, 0);

    public static CharacterLoop Of(NodePool pool, Node node)
    {
        // A run of one class with a bound: the state after k characters is the same for all runs of k.
        if (node is RepeatNode { Max: not Node.Unbounded, Body: TrieNode { IsOneCharacter: true } body } repeat)
            return new CharacterLoop(SetOf(pool, value => body.Find(value) is not null, open => Takes(body, open)), repeat.Max);

        var loop = SetOf(pool, value => ReferenceEquals(node.Step(pool, value), node), open => Returns(pool, node, node, open));
        return loop.IsEmpty ? None : new CharacterLoop(loop, int.MaxValue);
    }

    private static CharacterSet SetOf(NodePool pool, Predicate<byte> hasAscii, Predicate<TrieEdge> hasAll)
    {
        var ascii = UInt128.Zero;
        for (byte value = 0; value < 0x80; value++)
        {
            if (hasAscii(value))
                ascii |= UInt128.One << value;
        }

        return new CharacterSet(ascii, Array.TrueForAll(pool.AnyCharacter.Edges, edge => edge.First < 0x80 || hasAll(edge)));
    }

    // Whether a class has every character that begins with these bytes.
    private static bool Takes(TrieNode node, TrieEdge edge)
    {
        var next = (int)edge.First;
        foreach (var taken in node.Edges)
        {
            if (taken.Last < next || taken.First > edge.Last)
                continue;

            if (taken.First > next || !Array.TrueForAll(edge.Target.Edges, inner => Takes(taken.Target, inner)))
                return false;

            next = taken.Last + 1;
        }

        return next > edge.Last;
    }

    // Whether every character that begins with these bytes leads to the goal. Bytes that the node does not tell apart are asked once.
    private static bool Returns(NodePool pool, Node goal, Node node, TrieEdge edge)
    {
        var asked = -1;
        for (int value = edge.First; value <= edge.Last; value++)
        {
            if (node.Classes.IndexOf((byte)value) == asked)
                continue;

            asked = node.Classes.IndexOf((byte)value);
            var target = node.Step(pool, (byte)value);
            if (edge.Target.Edges.Length == 0 ? !ReferenceEquals(target, goal) : !Array.TrueForAll(edge.Target.Edges, next => Returns(pool, goal, target, next)))
                return false;
        }

        return true;
    }
}
