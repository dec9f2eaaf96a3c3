using System.Numerics;
using System.Runtime.CompilerServices;

namespace Penstock.Constraints.Json.Machine;

/// <summary>
/// The steps out of one state that were taken before: two sets of 256 bits (which bytes are known, which lead somewhere) and the targets of the
/// latter, packed. Small where few bytes lead on, and one population count away from the target where many do.
/// </summary>
/// <typeparam name="T">What a step leads to.</typeparam>
internal sealed class Transitions<T>(int generation)
    where T : class
{
    private Bits known;
    private Bits live;
    private T[] targets = [];
    private int count;

    /// <summary>The generation of the store whose objects these are.</summary>
    public int Generation => generation;

    /// <summary>Whether a step is known, and where it leads: null where nowhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(byte value, out T? target)
    {
        var word = value >> 6;
        var bit = 1UL << value;
        if ((known[word] & bit) == 0)
        {
            target = null;
            return false;
        }

        target = (live[word] & bit) == 0 ? null : targets[Rank(word, bit)];
        return true;
    }

    public void Add(byte value, T? target)
    {
        var word = value >> 6;
        var bit = 1UL << value;
        known[word] |= bit;
        if (target is null)
            return;

        var rank = Rank(word, bit);
        if (count == targets.Length)
            Array.Resize(ref targets, Math.Max(2, count * 2));

        Array.Copy(targets, rank, targets, rank + 1, count - rank);
        targets[rank] = target;
        live[word] |= bit;
        count++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Rank(int word, ulong bit)
    {
        var rank = BitOperations.PopCount(live[word] & (bit - 1));
        for (var i = 0; i < word; i++)
            rank += BitOperations.PopCount(live[i]);

        return rank;
    }

    [InlineArray(4)]
    private struct Bits
    {
        private ulong first;
    }
}
