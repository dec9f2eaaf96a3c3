using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Sampling;

/// <summary>Passes over a vocabulary's logits, eight at a time and always in the same order of summation, so that a machine's vector width does not change a choice.</summary>
internal static class VectorMath
{
    /// <summary>Weights summed as one block: few enough to search one by one, so that a draw need not add up the vocabulary.</summary>
    public const int BlockLength = 512;

    /// <summary>Largest value, or NaN when a value is NaN; negative infinity for none.</summary>
    public static float Max(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(values);
        var (best, best2) = (Vector256.Create(float.NegativeInfinity), Vector256.Create(float.NegativeInfinity));
        var same = Vector256<float>.AllBitsSet;
        var i = 0;
        for (; i + 1 < vectors.Length; i += 2)
        {
            var (a, b) = (vectors[i], vectors[i + 1]);
            best = Vector256.ConditionalSelect(Vector256.GreaterThan(a, best), a, best);
            best2 = Vector256.ConditionalSelect(Vector256.GreaterThan(b, best2), b, best2);
            same &= Vector256.Equals(a, a) & Vector256.Equals(b, b);
        }

        if (!Vector256.EqualsAll(same.AsInt32(), Vector256<int>.AllBitsSet))
            return float.NaN;

        best = Vector256.ConditionalSelect(Vector256.GreaterThan(best2, best), best2, best);
        var max = float.NegativeInfinity;
        for (var lane = 0; lane < Vector256<float>.Count; lane++)
            max = MathF.Max(max, best[lane]);
        foreach (var value in values[(i * Vector256<float>.Count)..])
            max = MathF.Max(max, value);
        return max;
    }

    /// <summary>Index of the first element equal to <paramref name="value"/>, which must be there.</summary>
    public static int IndexOf(ReadOnlySpan<float> values, float value)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(values);
        var wanted = Vector256.Create(value);
        for (var i = 0; i < vectors.Length; i++)
        {
            var bits = Vector256.Equals(vectors[i], wanted).ExtractMostSignificantBits();
            if (bits != 0)
                return (i * Vector256<float>.Count) + int.TrailingZeroCount((int)bits);
        }

        var tail = vectors.Length * Vector256<float>.Count;
        while (values[tail] != value)
            tail++;
        return tail;
    }

    /// <summary>Writes <c>exp((x - max) * scale)</c> and returns the sum.</summary>
    /// <param name="values">Logits, none above <paramref name="max"/>; negative infinity gives 0.</param>
    /// <param name="max">The largest.</param>
    /// <param name="scale">The inverse temperature.</param>
    /// <param name="weights">As long as <paramref name="values"/>, rounded up to 8: the rest is filled with zeros.</param>
    /// <param name="blockSums">Sum of each block of <see cref="BlockLength"/> weights.</param>
    public static double Exponentials(ReadOnlySpan<float> values, float max, float scale, Span<float> weights, Span<double> blockSums)
    {
        var total = 0.0;
        for (var (start, block) = (0, 0); start < values.Length; start += BlockLength, block++)
        {
            var length = Math.Min(BlockLength, values.Length - start);
            var written = weights.Slice(start, (length + 7) / 8 * 8);
            total += blockSums[block] = BlockExponentials(values.Slice(start, length), max, scale, written);
        }

        return total;
    }

    private static double BlockExponentials(ReadOnlySpan<float> values, float max, float scale, Span<float> weights)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(values);
        var written = MemoryMarshal.Cast<float, Vector256<float>>(weights);
        var (shift, factor) = (Vector256.Create(max), Vector256.Create(scale));
        var (sum, sum2) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            // Two vectors side by side are one wide vector: the same lanes in the same order, so the same sum.
            i = vectors.Length / 2 * 2;
            (sum, sum2) = WideExponentials(values, max, scale, weights);
        }

        for (; i + 1 < vectors.Length; i += 2)
        {
            var a = VectorExp.Exp((vectors[i] - shift) * factor);
            var b = VectorExp.Exp((vectors[i + 1] - shift) * factor);
            written[i] = a;
            written[i + 1] = b;
            sum += a;
            sum2 += b;
        }

        if (i < vectors.Length)
        {
            written[i] = VectorExp.Exp((vectors[i] - shift) * factor);
            sum += written[i];
        }

        if (written.Length > vectors.Length)
        {
            var tail = Vector256.Create(float.NegativeInfinity);
            for (var lane = 0; lane < values.Length % 8; lane++)
                tail = tail.WithElement(lane, values[(vectors.Length * 8) + lane]);
            written[^1] = VectorExp.Exp((tail - shift) * factor);
            sum2 += written[^1];
        }

        return Sum(sum + sum2);
    }

    private static (Vector256<float> Sum, Vector256<float> Sum2) WideExponentials(ReadOnlySpan<float> values, float max, float scale, Span<float> weights)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        var written = MemoryMarshal.Cast<float, Vector512<float>>(weights);
        var (shift, factor) = (Vector512.Create(max), Vector512.Create(scale));
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < vectors.Length; i++)
        {
            var weight = VectorExp.Exp((vectors[i] - shift) * factor);
            written[i] = weight;
            sum += weight;
        }

        return (sum.GetLower(), sum.GetUpper());
    }

    /// <summary>The sum of whole vectors, lane by lane in order.</summary>
    public static double Sum(Vector256<float> vector)
    {
        var sum = 0.0;
        for (var lane = 0; lane < Vector256<float>.Count; lane++)
            sum += vector[lane];
        return sum;
    }
}
