namespace Penstock.Constraints.Text.Nodes;

/// <summary>The UTF-8 of the characters of a set, as a trie.</summary>
internal static class CharacterTrie
{
    // What a lead byte of each length begins: its first value, the payload's width in continuation bytes, the code points that need that length (RFC 3629).
    private static readonly (int Lead, int Leads, int Continuations, int First, int Last)[] Lengths =
    [
        (0x00, 0x80, 0, 0x0, 0x7F),
        (0xC0, 0x20, 1, 0x80, 0x7FF),
        (0xE0, 0x10, 2, 0x800, 0xFFFF),
        (0xF0, 0x05, 3, 0x10000, 0x10FFFF),
    ];

    public static TrieNode Of(TrieTable tries, CodePointSet set)
    {
        var full = new TrieNode[3];
        List<TrieEdge> edges = [];
        foreach (var (lead, leads, continuations, first, last) in Lengths)
        {
            for (var i = 0; i < leads; i++)
            {
                var block = i << (6 * continuations);
                var end = block + (1 << (6 * continuations)) - 1;
                if (Block(tries, set.Ranges, full, Math.Max(block, first), Math.Min(end, last), block, continuations) is { } target)
                    edges.Add(new TrieEdge((byte)(lead + i), (byte)(lead + i), target));
            }
        }

        return tries.Make(false, edges);
    }

    // The continuation bytes of the code points from first to last that are in the set; block is the first that those bytes could write.
    private static TrieNode? Block(TrieTable tries, CodePointRange[] ranges, TrieNode[] full, int first, int last, int block, int continuations)
    {
        if (first > last || !Meets(ranges, first, last, out var covers))
            return null;

        if (continuations == 0)
            return tries.Epsilon;

        var width = 1 << (6 * (continuations - 1));
        var isWhole = covers && first == block && last == block + (width * 64) - 1;
        if (isWhole && full[continuations - 1] is { } known)
            return known;

        List<TrieEdge> edges = [];
        for (var i = 0; i < 64; i++)
        {
            var start = block + (i * width);
            if (Block(tries, ranges, full, Math.Max(start, first), Math.Min(start + width - 1, last), start, continuations - 1) is { } target)
                edges.Add(new TrieEdge((byte)(0x80 + i), (byte)(0x80 + i), target));
        }

        var node = tries.Make(false, edges);
        if (isWhole)
            full[continuations - 1] = node;

        return node;
    }

    private static bool Meets(CodePointRange[] ranges, int first, int last, out bool covers)
    {
        var (low, high) = (0, ranges.Length - 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (ranges[middle].Last < first)
                low = middle + 1;
            else
                high = middle;
        }

        var meets = ranges.Length > 0 && ranges[low].First <= last && ranges[low].Last >= first;
        covers = meets && ranges[low].First <= first && ranges[low].Last >= last;
        return meets;
    }
}
