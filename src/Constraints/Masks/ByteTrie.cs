namespace Penstock.Constraints.Masks;

/// <summary>
/// Byte strings as a trie in preorder: what is below a node follows it, and the strings are in the same order, so that a subtree is a range of
/// both. A walk is a scan that skips what a state refuses. 11 bytes a node.
/// </summary>
internal sealed class ByteTrie
{
    /// <param name="texts">Sorted; equal ones share a node; none empty.</param>
    public ByteTrie(ByteStrings texts)
    {
        Starts = new int[texts.Count + 1];
        var bytes = new List<byte>(3 * texts.Count);
        var depths = new List<ushort>(3 * texts.Count);
        var ends = new List<int>(3 * texts.Count);
        var first = new List<int>(3 * texts.Count);
        var open = new List<int>();
        ReadOnlySpan<byte> previous = [];
        for (var at = 0; at < texts.Count; at++)
        {
            var text = texts[at];
            var shared = previous.CommonPrefixLength(text);
            Close(open, shared, ends);
            for (var depth = shared; depth < text.Length; depth++)
            {
                open.Add(bytes.Count);
                bytes.Add(text[depth]);
                depths.Add((ushort)depth);
                ends.Add(0);
                first.Add(at);
            }

            Starts[at] = open[^1];
            Depth = Math.Max(Depth, text.Length);
            previous = text;
        }

        Close(open, 0, ends);
        first.Add(texts.Count);
        Starts[^1] = bytes.Count;
        (Bytes, Depths, Ends, Firsts) = ([.. bytes], [.. depths], [.. ends], [.. first]);
    }

    /// <summary>Bytes of the longest string.</summary>
    public int Depth { get; }

    /// <summary>The byte that leads to a node.</summary>
    public byte[] Bytes { get; }

    /// <summary>Bytes before a node's own.</summary>
    public ushort[] Depths { get; }

    /// <summary>The first node that is not below this one.</summary>
    public int[] Ends { get; }

    /// <summary>The first string at or below a node, which own ones come first; one more: the number of strings.</summary>
    public int[] Firsts { get; }

    /// <summary>The node of each string; one more: the number of nodes.</summary>
    public int[] Starts { get; }

    /// <summary>The longest string that <paramref name="text"/> begins with, the first of equal ones, or -1.</summary>
    /// <param name="text">Any bytes.</param>
    /// <param name="length">The string's bytes.</param>
    public int LongestPrefix(ReadOnlySpan<byte> text, out int length)
    {
        var (best, node, end) = (-1, 0, Bytes.Length);
        length = 0;
        for (var depth = 0; depth < text.Length; depth++)
        {
            while (node < end && Bytes[node] < text[depth])
                node = Ends[node];
            if (node >= end || Bytes[node] != text[depth])
                break;

            if (Starts[Firsts[node]] == node)
                (best, length) = (Firsts[node], depth + 1);
            end = Ends[node];
            node++;
        }

        return best;
    }

    private static void Close(List<int> open, int depth, List<int> ends)
    {
        for (; open.Count > depth; open.RemoveAt(open.Count - 1))
            ends[open[^1]] = ends.Count;
    }
}
