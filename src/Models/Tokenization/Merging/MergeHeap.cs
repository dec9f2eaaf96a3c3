using System.Buffers;

namespace Penstock.Models.Tokenization.Merging;

/// <summary>A binary heap of merges to do: the lowest rank first, of equals the leftmost. Pairs that never merge are not kept.</summary>
internal ref struct MergeHeap(int capacity)
{
    private ulong[] keys = ArrayPool<ulong>.Shared.Rent(capacity);
    private int count = 0;

    /// <summary>Adds without keeping order; <see cref="Order"/> must follow.</summary>
    public void AddLast(int rank, int place)
    {
        if (rank == MergeTable.Never)
            return;
        if (count == keys.Length)
            Grow();
        keys[count++] = ((ulong)(uint)rank << 32) | (uint)place;
    }

    /// <summary>Makes a heap of what was added (Floyd 1964).</summary>
    public readonly void Order()
    {
        for (var i = (count / 2) - 1; i >= 0; i--)
            SiftDown(i);
    }

    public void Add(int rank, int place)
    {
        AddLast(rank, place);
        if (rank == MergeTable.Never)
            return;
        var child = count - 1;
        var key = keys[child];
        while (child > 0 && keys[(child - 1) / 2] > key)
        {
            keys[child] = keys[(child - 1) / 2];
            child = (child - 1) / 2;
        }

        keys[child] = key;
    }

    public bool TryTake(out int rank, out int place)
    {
        if (count == 0)
        {
            (rank, place) = (MergeTable.Never, -1);
            return false;
        }

        (rank, place) = ((int)(keys[0] >> 32), (int)(uint)keys[0]);
        keys[0] = keys[--count];
        SiftDown(0);
        return true;
    }

    public readonly void Dispose() => ArrayPool<ulong>.Shared.Return(keys);

    private readonly void SiftDown(int parent)
    {
        var key = keys[parent];
        for (var child = (2 * parent) + 1; child < count; child = (2 * parent) + 1)
        {
            if (child + 1 < count && keys[child + 1] < keys[child])
                child++;
            if (keys[child] >= key)
                break;
            keys[parent] = keys[child];
            parent = child;
        }

        keys[parent] = key;
    }

    private void Grow()
    {
        var larger = ArrayPool<ulong>.Shared.Rent(2 * keys.Length);
        keys.AsSpan(0, count).CopyTo(larger);
        ArrayPool<ulong>.Shared.Return(keys);
        keys = larger;
    }
}
