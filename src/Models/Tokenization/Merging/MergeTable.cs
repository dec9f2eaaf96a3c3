using System.Numerics;

namespace Penstock.Models.Tokenization.Merging;

/// <summary>
/// Which two neighbouring symbols merge, how soon, and into what: a hash table with open addressing, sixteen bytes an entry,
/// since a tokenizer does little else than ask it. Filled once, then read by any number of threads.
/// </summary>
internal sealed class MergeTable
{
    /// <summary>The rank of two symbols that do not merge.</summary>
    public const int Never = int.MaxValue;

    private const ulong Empty = ulong.MaxValue;

    private readonly Entry[] entries;
    private readonly int shift;

    /// <param name="count">How many pairs will be added at most.</param>
    public MergeTable(int count)
    {
        // At most half full, so that a miss, the common answer, ends after one or two probes.
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * count));
        entries = new Entry[size];
        Array.Fill(entries, new Entry(Empty, Never, 0));
        shift = 64 - BitOperations.Log2((uint)size);
    }

    /// <summary>Adds a pair; the first rank given to it stays.</summary>
    /// <param name="rank">Lower merges sooner; pairs may share a rank, then the leftmost merges first.</param>
    public void Add(int left, int right, int rank, int merged)
    {
        var key = Key(left, right);
        var slot = Slot(key);
        while (entries[slot].Key != Empty)
        {
            if (entries[slot].Key == key)
                return;
            slot = (slot + 1) & (entries.Length - 1);
        }

        entries[slot] = new Entry(key, rank, merged);
    }

    /// <summary>The pair's rank, or <see cref="Never"/>.</summary>
    public int Rank(int left, int right, out int merged)
    {
        var key = Key(left, right);
        for (var slot = Slot(key); ; slot = (slot + 1) & (entries.Length - 1))
        {
            ref readonly var entry = ref entries[slot];
            if (entry.Key == key || entry.Key == Empty)
            {
                merged = entry.Merged;
                return entry.Rank;
            }
        }
    }

    /// <inheritdoc cref="Rank(int, int, out int)"/>
    public int Rank(int left, int right) => Rank(left, right, out _);

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    /// <summary>Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): the product's high bits.</summary>
    private int Slot(ulong key) => (int)((key * 0x9E3779B97F4A7C15) >> shift);

    private readonly record struct Entry(ulong Key, int Rank, int Merged);
}
