using System.Buffers;

namespace Penstock.Models.Tokenization.Merging;

/// <summary>
/// Merges neighbouring symbols until no pair of them is in the table: always the pair of the lowest rank, the leftmost of equals.
/// That is byte-pair encoding (Sennrich et al. 2016) with ranks from a list of merges, and SentencePiece's with ranks from scores.
/// </summary>
internal static class SymbolMerger
{
    /// <summary>Up to here, looking at all pairs for the best one is faster than a heap of them; words are almost always shorter.</summary>
    private const int LongestScan = 48;

    /// <summary>Merges in place.</summary>
    /// <returns>How many symbols are left at the front of <paramref name="symbols"/>.</returns>
    public static int Merge(MergeTable table, Span<int> symbols) => symbols.Length switch
    {
        < 2 => symbols.Length,
        <= LongestScan => MergeByScan(table, symbols),
        _ => MergeByHeap(table, symbols),
    };

    private static int MergeByScan(MergeTable table, Span<int> symbols)
    {
        Span<int> ranks = stackalloc int[LongestScan];
        var count = symbols.Length;
        for (var i = 0; i < count - 1; i++)
            ranks[i] = table.Rank(symbols[i], symbols[i + 1]);

        while (count > 1)
        {
            var best = 0;
            for (var i = 1; i < count - 1; i++)
            {
                if (ranks[i] < ranks[best])
                    best = i;
            }

            if (table.Rank(symbols[best], symbols[best + 1], out var merged) == MergeTable.Never)
                break;

            count--;
            symbols[(best + 2)..(count + 1)].CopyTo(symbols[(best + 1)..]);
            ranks[(best + 1)..count].CopyTo(ranks[best..]);
            symbols[best] = merged;
            if (best > 0)
                ranks[best - 1] = table.Rank(symbols[best - 1], merged);
            if (best < count - 1)
                ranks[best] = table.Rank(merged, symbols[best + 1]);
        }

        return count;
    }

    /// <summary>The same for long runs, in n log n: a linked list of symbols and a heap of (rank, place).</summary>
    private static int MergeByHeap(MergeTable table, Span<int> symbols)
    {
        const int Gone = -2;
        var count = symbols.Length;
        var rented = ArrayPool<int>.Shared.Rent(2 * count);
        var previous = rented.AsSpan(0, count);
        var next = rented.AsSpan(count, count);
        using var heap = new MergeHeap(count);

        for (var i = 0; i < count; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1;
            if (i + 1 < count)
                heap.AddLast(table.Rank(symbols[i], symbols[i + 1]), i);
        }

        heap.Order();
        while (heap.TryTake(out var rank, out var left))
        {
            // An entry is out of date when its pair has changed since; then the pair that is there now has its own entry, or this one's rank.
            if (next[left] == Gone || next[left] == count || table.Rank(symbols[left], symbols[next[left]], out var merged) != rank)
                continue;

            var right = next[left];
            symbols[left] = merged;
            next[left] = next[right];
            next[right] = Gone;
            if (next[left] < count)
            {
                previous[next[left]] = left;
                heap.Add(table.Rank(merged, symbols[next[left]]), left);
            }

            if (previous[left] >= 0)
                heap.Add(table.Rank(symbols[previous[left]], merged), previous[left]);
        }

        var kept = 0;
        for (var i = 0; i < count; i = next[i])
            symbols[kept++] = symbols[i];
        ArrayPool<int>.Shared.Return(rented);
        return kept;
    }
}
