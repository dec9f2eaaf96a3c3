using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Sampling;

/// <summary>
/// Sums of the weights <c>exp((x - max) * scale)</c>, which are not stored: the few that are needed again are computed again. Sixteen
/// lanes at either vector width and one order of summation, so that a machine's width does not change a choice.
/// </summary>
internal static class WeightSums
{
    /// <summary>Exponent below which a weight is 0.</summary>
    public const float Impossible = -87f;

    private const int Lanes = 16;

    /// <summary>The sum of all weights.</summary>
    /// <param name="logits">None above <paramref name="max"/>; negative infinity has no weight.</param>
    /// <param name="max">The largest.</param>
    /// <param name="scale">The inverse temperature.</param>
    /// <param name="sums">Receives the sum of each of the <see cref="LogitBlocks"/>.</param>
    public static double OfBlocks(ReadOnlySpan<float> logits, float max, float scale, Span<double> sums)
    {
        var total = 0.0;
        for (var block = 0; block < sums.Length; block++)
        {
            var sum = new Accumulator(max, scale);
            sum.AddBlock(LogitBlocks.Of(logits, block));
            total += sums[block] = sum.Total();
        }

        return total;
    }

    /// <summary>The sum of all weights, and an exponent above which there is a nucleus of the share <paramref name="share"/>.</summary>
    /// <param name="logits">None above <paramref name="max"/>.</param>
    /// <param name="max">The largest.</param>
    /// <param name="scale">The inverse temperature.</param>
    /// <param name="share">Part of the sum that the nucleus must reach, below 1.</param>
    /// <param name="exponent">The greatest of a few bounds above which there is enough weight.</param>
    public static double OfNucleus(ReadOnlySpan<float> logits, float max, float scale, double share, out float exponent)
    {
        var total = 0.0;
        var nucleus = new NucleusAccumulator();
        for (var block = 0; block < LogitBlocks.Count(logits.Length); block++)
        {
            var sum = new Accumulator(max, scale);
            sum.AddBlock(LogitBlocks.Of(logits, block), ref nucleus);
            total += sum.Total();
        }

        // A margin for the rounding of the sums: taking too many costs time only.
        exponent = nucleus.Bound(share * total * 1.0001);
        return total;
    }

    /// <summary>Replaces logits by their weights; the length is a multiple of 8.</summary>
    public static void Weigh(Span<float> logits, float max, float scale)
    {
        foreach (ref var some in MemoryMarshal.Cast<float, Vector256<float>>(logits))
            some = VectorExp.Exp((some - Vector256.Create(max)) * Vector256.Create(scale));
    }

    // Two vectors side by side are one wide vector: the same lanes in the same order, so the same sum.
    private struct Accumulator(float max, float scale)
    {
        private Vector512<float> sum;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AddBlock(ReadOnlySpan<float> logits)
        {
            var whole = logits.Length / Lanes * Lanes;
            AddWhole(logits[..whole]);
            if (whole < logits.Length)
                AddWhole(Padded(logits[whole..], stackalloc float[Lanes]));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AddBlock(ReadOnlySpan<float> logits, ref NucleusAccumulator nucleus)
        {
            var whole = logits.Length / Lanes * Lanes;
            AddWhole(logits[..whole], ref nucleus);
            if (whole < logits.Length)
                AddWhole(Padded(logits[whole..], stackalloc float[Lanes]), ref nucleus);
        }

        public readonly double Total() => SumLanes(sum.GetLower() + sum.GetUpper());

        private void AddWhole(ReadOnlySpan<float> logits)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                var wide = sum;
                foreach (var some in MemoryMarshal.Cast<float, Vector512<float>>(logits))
                    wide += VectorExp.Exp((some - Vector512.Create(max)) * Vector512.Create(scale));
                sum = wide;
                return;
            }

            var vectors = MemoryMarshal.Cast<float, Vector256<float>>(logits);
            var (lower, upper) = (sum.GetLower(), sum.GetUpper());
            for (var i = 0; i + 1 < vectors.Length; i += 2)
            {
                lower += VectorExp.Exp((vectors[i] - Vector256.Create(max)) * Vector256.Create(scale));
                upper += VectorExp.Exp((vectors[i + 1] - Vector256.Create(max)) * Vector256.Create(scale));
            }

            sum = Vector512.Create(lower, upper);
        }

        private void AddWhole(ReadOnlySpan<float> logits, ref NucleusAccumulator nucleus)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                var (wide, above) = (sum, nucleus);
                foreach (var some in MemoryMarshal.Cast<float, Vector512<float>>(logits))
                {
                    var exponents = (some - Vector512.Create(max)) * Vector512.Create(scale);
                    var weights = VectorExp.Exp(exponents);
                    wide += weights;
                    above.Add(exponents, weights);
                }

                (sum, nucleus) = (wide, above);
                return;
            }

            var vectors = MemoryMarshal.Cast<float, Vector256<float>>(logits);
            var (lower, upper) = (sum.GetLower(), sum.GetUpper());
            for (var i = 0; i + 1 < vectors.Length; i += 2)
            {
                var a = (vectors[i] - Vector256.Create(max)) * Vector256.Create(scale);
                var b = (vectors[i + 1] - Vector256.Create(max)) * Vector256.Create(scale);
                var (weightsA, weightsB) = (VectorExp.Exp(a), VectorExp.Exp(b));
                lower += weightsA;
                upper += weightsB;
                nucleus.Add(Vector512.Create(a, b), Vector512.Create(weightsA, weightsB));
            }

            sum = Vector512.Create(lower, upper);
        }
    }

    // The weight above each of four exponents: e^-12 holds the nucleus of a distribution that is nearly flat.
    private struct NucleusAccumulator
    {
        private const float Bound0 = -2f;
        private const float Bound1 = -5f;
        private const float Bound2 = -8f;
        private const float Bound3 = -12f;

        private Vector512<float> above0;
        private Vector512<float> above1;
        private Vector512<float> above2;
        private Vector512<float> above3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<float> exponents, Vector512<float> weights)
        {
            above0 += weights & Vector512.GreaterThanOrEqual(exponents, Vector512.Create(Bound0));
            above1 += weights & Vector512.GreaterThanOrEqual(exponents, Vector512.Create(Bound1));
            above2 += weights & Vector512.GreaterThanOrEqual(exponents, Vector512.Create(Bound2));
            above3 += weights & Vector512.GreaterThanOrEqual(exponents, Vector512.Create(Bound3));
        }

        public readonly float Bound(double wanted) =>
            Total(above0) >= wanted ? Bound0 : Total(above1) >= wanted ? Bound1 : Total(above2) >= wanted ? Bound2 : Total(above3) >= wanted ? Bound3 : Impossible;

        private static double Total(Vector512<float> sum) => SumLanes(sum.GetLower() + sum.GetUpper());
    }

    private static Span<float> Padded(ReadOnlySpan<float> logits, Span<float> padded)
    {
        padded.Fill(float.NegativeInfinity);
        logits.CopyTo(padded);
        return padded;
    }

    private static double SumLanes(Vector256<float> vector)
    {
        var sum = 0.0;
        for (var lane = 0; lane < Vector256<float>.Count; lane++)
            sum += vector[lane];
        return sum;
    }
}
