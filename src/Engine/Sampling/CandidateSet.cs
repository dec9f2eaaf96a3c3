using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Sampling;

/// <summary>
/// The tokens that the filters leave, chosen without sorting the vocabulary: a bounded heap for the k best, and for the nucleus a
/// threshold in one vector pass and then a selection by weight among the few that pass it. Scratch of one thread.
/// </summary>
internal sealed class CandidateSet(int vocabularySize)
{
    // Weights relative to the best token, whose is 1: the nucleus is looked for among those above the first of these that hold enough mass.
    private static readonly float[] Thresholds = [MathF.Exp(-2), MathF.Exp(-4), MathF.Exp(-7), MathF.Exp(-11)];

    // The smallest weight that is not 0: a masked token is never a candidate.
    public const float Possible = 1e-38f;

    private readonly int[] tokens = new int[vocabularySize];
    private readonly float[] weights = new float[vocabularySize];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Tokens => tokens.AsSpan(0, Count);

    public ReadOnlySpan<float> Weights => weights.AsSpan(0, Count);

    /// <summary>The <paramref name="k"/> largest values, of equals those with the lower index; <see cref="Weights"/> holds the values, in no order.</summary>
    public void TakeLargest(ReadOnlySpan<float> values, int k)
    {
        Count = Math.Min(k, values.Length);
        for (var i = 0; i < Count; i++)
            (tokens[i], weights[i]) = (i, values[i]);
        for (var i = (Count / 2) - 1; i >= 0; i--)
            Sink(i);

        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(values);
        var at = Count;
        while (at < values.Length)
        {
            // Eight at once are passed over when none beats the least of the heap.
            if (at % 8 == 0 && at / 8 < vectors.Length && !Vector256.GreaterThanAny(vectors[at / 8], Vector256.Create(weights[0])))
            {
                at += 8;
                continue;
            }

            if (values[at] > weights[0])
            {
                (tokens[0], weights[0]) = (at, values[at]);
                Sink(0);
            }

            at++;
        }
    }

    /// <summary>Replaces the candidates' values by their weights <c>exp((x - max) * scale)</c>.</summary>
    /// <returns>The sum of the weights.</returns>
    public double ToWeights(float max, float scale)
    {
        var total = 0.0;
        for (var i = 0; i < Count; i++)
            total += weights[i] = MathF.Exp((weights[i] - max) * scale);
        return total;
    }

    /// <summary>The tokens of at least this weight, and enough of them for a nucleus of <paramref name="mass"/>.</summary>
    /// <param name="all">Weights of the vocabulary, the best being 1.</param>
    /// <param name="mass">Weight that the nucleus must reach.</param>
    /// <param name="least">Weight below which no token is wanted.</param>
    public void TakeNucleus(ReadOnlySpan<float> all, double mass, float least)
    {
        var threshold = MathF.Max(least, ThresholdFor(all, mass));
        TakeAtLeast(all, threshold);
        KeepMass(mass);
    }

    /// <summary>Keeps the fewest, most probable candidates whose weights sum to at least <paramref name="mass"/>; all when they do not.</summary>
    public void KeepMass(double mass)
    {
        var (low, high, wanted) = (0, Count, mass);
        while (high - low > 1)
        {
            var split = Partition(low, high);
            var upper = 0.0;
            for (var i = low; i < split; i++)
                upper += weights[i];

            if (upper >= wanted)
                high = split;
            else
                (low, wanted) = (split, wanted - upper);
        }

        Count = high;
    }

    /// <summary>Drops candidates of less weight than <paramref name="least"/>.</summary>
    public void KeepAtLeast(float least)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (weights[i] >= least)
                (tokens[kept], weights[kept++]) = (tokens[i], weights[i]);
        }

        Count = kept;
    }

    /// <summary>All tokens of at least this weight, by index.</summary>
    public void TakeAtLeast(ReadOnlySpan<float> all, float least)
    {
        Count = 0;
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(all);
        var bound = Vector256.Create(least);
        for (var i = 0; i < vectors.Length; i++)
        {
            var bits = Vector256.GreaterThanOrEqual(vectors[i], bound).ExtractMostSignificantBits();
            for (; bits != 0; bits &= bits - 1)
                Add((i * 8) + BitOperations.TrailingZeroCount(bits), all);
        }

        for (var i = vectors.Length * 8; i < all.Length; i++)
        {
            if (all[i] >= least)
                Add(i, all);
        }
    }

    // A second pass between the two thresholds that the mass lies between: each candidate less is one that need not be selected among.
    private static float ThresholdFor(ReadOnlySpan<float> all, double mass)
    {
        // A margin for the rounding of the sums: taking too many costs time only.
        var wanted = mass * 1.0001;
        var coarse = FirstHolding(all, Thresholds, wanted);
        if (coarse == Thresholds.Length)
            return Possible;

        var (upper, lower) = (coarse == 0 ? 1f : Thresholds[coarse - 1], Thresholds[coarse]);
        Span<float> between = stackalloc float[Thresholds.Length];
        for (var i = 0; i < between.Length; i++)
            between[i] = upper * MathF.Pow(lower / upper, (i + 1f) / (between.Length + 1));
        var fine = FirstHolding(all, between, wanted);
        return fine < between.Length ? between[fine] : lower;
    }

    // Index of the first threshold above which there is enough weight, or their number.
    private static int FirstHolding(ReadOnlySpan<float> all, ReadOnlySpan<float> thresholds, double wanted)
    {
        var (t0, t1, t2, t3) = (Vector256.Create(thresholds[0]), Vector256.Create(thresholds[1]), Vector256.Create(thresholds[2]), Vector256.Create(thresholds[3]));
        var (s0, s1, s2, s3) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        foreach (var some in MemoryMarshal.Cast<float, Vector256<float>>(all))
        {
            s0 += some & Vector256.GreaterThanOrEqual(some, t0);
            s1 += some & Vector256.GreaterThanOrEqual(some, t1);
            s2 += some & Vector256.GreaterThanOrEqual(some, t2);
            s3 += some & Vector256.GreaterThanOrEqual(some, t3);
        }

        return VectorMath.Sum(s0) >= wanted ? 0 : VectorMath.Sum(s1) >= wanted ? 1 : VectorMath.Sum(s2) >= wanted ? 2 : VectorMath.Sum(s3) >= wanted ? 3 : 4;
    }

    private void Add(int token, ReadOnlySpan<float> all) => (tokens[Count], weights[Count++]) = (token, all[token]);

    // Moves the better half to the front and returns where the others begin; both parts hold at least one (Hoare's scheme).
    private int Partition(int low, int high)
    {
        var middle = (low + high - 1) / 2;
        var (pivotWeight, pivotToken) = (weights[middle], tokens[middle]);
        var (i, j) = (low - 1, high);
        while (true)
        {
            do i++;
            while (Better(weights[i], tokens[i], pivotWeight, pivotToken));
            do j--;
            while (Better(pivotWeight, pivotToken, weights[j], tokens[j]));
            if (i >= j)
                return j + 1;

            (weights[i], weights[j]) = (weights[j], weights[i]);
            (tokens[i], tokens[j]) = (tokens[j], tokens[i]);
        }
    }

    private static bool Better(float weight, int token, float otherWeight, int otherToken) =>
        weight > otherWeight || (weight == otherWeight && token < otherToken);

    // A heap with the worst candidate on top.
    private void Sink(int i)
    {
        while (true)
        {
            var worst = i;
            for (var child = (2 * i) + 1; child <= (2 * i) + 2 && child < Count; child++)
            {
                if (Better(weights[worst], tokens[worst], weights[child], tokens[child]))
                    worst = child;
            }

            if (worst == i)
                return;

            (weights[i], weights[worst]) = (weights[worst], weights[i]);
            (tokens[i], tokens[worst]) = (tokens[worst], tokens[i]);
            i = worst;
        }
    }
}
