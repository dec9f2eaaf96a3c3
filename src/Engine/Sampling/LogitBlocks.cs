using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Sampling;

/// <summary>
/// The largest logits of a vocabulary's parts, found in one pass: a block is 512 logits, and each of its 8 columns (every eighth logit)
/// has a maximum of its own. They tell which blocks later passes may skip, and bound the k-th best from below. Scratch of one thread.
/// </summary>
internal sealed class LogitBlocks(int vocabularySize)
{
    /// <summary>Logits of a block.</summary>
    public const int Length = 512;

    private const int Columns = 8;
    private const int Buckets = 256;

    private readonly float[] maxima = new float[Count(vocabularySize) * Columns];
    private readonly int[] bucketCounts = new int[Buckets];
    private readonly float[] bucketLeast = new float[Buckets];

    /// <summary>Blocks of so many logits.</summary>
    public static int Count(int logits) => (logits + Length - 1) / Length;

    /// <summary>Logits of block <paramref name="block"/>; the last may be shorter.</summary>
    public static ReadOnlySpan<float> Of(ReadOnlySpan<float> logits, int block) =>
        logits.Slice(block * Length, Math.Min(Length, logits.Length - (block * Length)));

    /// <summary>The maxima of a block's columns.</summary>
    public Vector256<float> Maxima(int block) => MemoryMarshal.Cast<float, Vector256<float>>(maxima)[block];

    /// <summary>Takes the maxima of all blocks.</summary>
    /// <returns>The largest logit, or NaN when a logit is NaN; negative infinity for none.</returns>
    public float Take(ReadOnlySpan<float> logits)
    {
        var written = MemoryMarshal.Cast<float, Vector256<float>>(maxima.AsSpan());
        var same = Vector256<float>.AllBitsSet;
        var best = Vector256.Create(float.NegativeInfinity);
        for (var block = 0; block < Count(logits.Length); block++)
        {
            var columns = TakeBlock(Of(logits, block), ref same);
            best = Vector256.MaxNative(best, columns);
            written[block] = columns;
        }

        if (!Vector256.EqualsAll(same.AsInt32(), Vector256<int>.AllBitsSet))
            return float.NaN;

        var max = best[0];
        for (var lane = 1; lane < Columns; lane++)
            max = MathF.Max(max, best[lane]);
        return max;
    }

    /// <summary>Index of the first logit equal to <paramref name="max"/>, the largest.</summary>
    public int IndexOf(ReadOnlySpan<float> logits, float max)
    {
        var block = 0;
        while (!Vector256.EqualsAny(Maxima(block), Vector256.Create(max)))
            block++;
        return (block * Length) + Of(logits, block).IndexOf(max);
    }

    /// <summary>The second largest logit, equal to <paramref name="max"/> when two are.</summary>
    /// <returns>Negative infinity when there is no other.</returns>
    public float RunnerUp(ReadOnlySpan<float> logits, float max)
    {
        var index = IndexOf(logits, max);
        var (at, column) = (index / Length, index % Columns);
        var others = Vector256.Create(float.NegativeInfinity);
        for (var block = 0; block < Count(logits.Length); block++)
            others = Vector256.MaxNative(others, block == at ? Maxima(block).WithElement(column, float.NegativeInfinity) : Maxima(block));

        var second = others[0];
        for (var lane = 1; lane < Columns; lane++)
            second = MathF.Max(second, others[lane]);

        var some = Of(logits, at);
        for (var i = column; i < some.Length; i += Columns)
        {
            if (i != index % Length)
                second = MathF.Max(second, some[i]);
        }

        return second;
    }

    /// <summary>A number that at least <paramref name="k"/> logits reach, and few more: the k-th best column, found with a histogram of the columns' maxima.</summary>
    /// <param name="k">From 1.</param>
    /// <param name="max">The largest logit.</param>
    /// <returns>Negative infinity when there are fewer columns than <paramref name="k"/>.</returns>
    public float LowerBound(int k, float max)
    {
        var lowest = max;
        foreach (var value in maxima)
            lowest = value < lowest && float.IsFinite(value) ? value : lowest;

        bucketCounts.AsSpan().Clear();
        bucketLeast.AsSpan().Fill(max);
        var scale = lowest < max ? (Buckets - 1) / (max - lowest) : 0f;
        foreach (var value in maxima)
        {
            if (float.IsNegativeInfinity(value))
                continue;

            var bucket = Math.Min(Buckets - 1, (int)((max - value) * scale));
            bucketCounts[bucket]++;
            bucketLeast[bucket] = MathF.Min(bucketLeast[bucket], value);
        }

        for (var (bucket, reached) = (0, 0); bucket < Buckets; bucket++)
        {
            reached += bucketCounts[bucket];
            if (reached >= k)
                return bucketLeast[bucket];
        }

        return float.NegativeInfinity;
    }

    private static Vector256<float> TakeBlock(ReadOnlySpan<float> logits, ref Vector256<float> same)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(logits);
        var (best, best2) = (Vector256.Create(float.NegativeInfinity), Vector256.Create(float.NegativeInfinity));
        var (same1, same2) = (same, same);
        var i = 0;
        for (; i + 1 < vectors.Length; i += 2)
        {
            var (a, b) = (vectors[i], vectors[i + 1]);
            best = Vector256.MaxNative(best, a);
            best2 = Vector256.MaxNative(best2, b);
            same1 &= Vector256.Equals(a, a);
            same2 &= Vector256.Equals(b, b);
        }

        if (i * Columns < logits.Length)
        {
            var tail = i < vectors.Length ? vectors[i] : Vector256.Create(float.NegativeInfinity);
            best = Vector256.MaxNative(best, tail);
            same1 &= Vector256.Equals(tail, tail);
            var rest = Vector256.Create(float.NegativeInfinity);
            for (var lane = 0; lane < logits.Length % Columns; lane++)
                rest = rest.WithElement(lane, logits[(vectors.Length * Columns) + lane]);
            best2 = Vector256.MaxNative(best2, rest);
            same2 &= Vector256.Equals(rest, rest);
        }

        same = same1 & same2;
        return Vector256.MaxNative(best, best2);
    }
}
