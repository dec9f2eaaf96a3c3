using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Sampling;

/// <summary>
/// The tokens that the filters leave, chosen without sorting the vocabulary: those above a bound that is low enough, then a histogram
/// of their weights, then a selection (Hoare's quickselect) in the one bucket where the border lies. Scratch of one thread.
/// </summary>
internal sealed class CandidateSet(int vocabularySize)
{
    // The smallest weight that is not 0: a masked token is never a candidate.
    public const float Possible = 1e-38f;

    // A bucket is an eighth of an octave: the exponent and three bits of the fraction of a weight of at most 1.
    private const int BucketShift = 20;
    private const int BestBucket = 0x3F800000 >> BucketShift;
    private const int FewCandidates = 48;

    private readonly int[] tokens = new int[vocabularySize];
    private readonly float[] weights = new float[(vocabularySize + 7) / 8 * 8];
    private readonly double[] bucketMass = new double[BestBucket + 1];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Tokens => tokens.AsSpan(0, Count);

    public ReadOnlySpan<float> Weights => weights.AsSpan(0, Count);

    /// <summary>The <paramref name="k"/> largest logits, of equals those with the lower index; <see cref="Weights"/> holds the logits, in no order.</summary>
    public void TakeLargest(ReadOnlySpan<float> logits, LogitBlocks blocks, float max, int k)
    {
        TakeAtLeast(logits, blocks, 0f, 1f, blocks.LowerBound(k, max));
        var (low, high) = (0, Count);
        while (high > k)
        {
            var split = Partition(low, high);
            if (split >= k)
                high = split;
            else
                low = split;
        }

        Count = high;
    }

    /// <summary>The tokens whose exponent <c>(x - max) * scale</c> is at least this, by index; <see cref="Weights"/> holds their logits.</summary>
    public void TakeAtLeast(ReadOnlySpan<float> logits, LogitBlocks blocks, float max, float scale, float least)
    {
        Count = 0;
        var (shift, factor, bound) = (Vector256.Create(max), Vector256.Create(scale), Vector256.Create(least));
        for (var block = 0; block < LogitBlocks.Count(logits.Length); block++)
        {
            if (!Vector256.GreaterThanOrEqualAny((blocks.Maxima(block) - shift) * factor, bound))
                continue;

            var start = block * LogitBlocks.Length;
            var some = LogitBlocks.Of(logits, block);
            var vectors = MemoryMarshal.Cast<float, Vector256<float>>(some);
            for (var i = 0; i < vectors.Length; i++)
            {
                var bits = Vector256.GreaterThanOrEqual((vectors[i] - shift) * factor, bound).ExtractMostSignificantBits();
                for (; bits != 0; bits &= bits - 1)
                    Add(start + (i * 8) + BitOperations.TrailingZeroCount(bits), logits);
            }

            for (var i = start + (vectors.Length * 8); i < start + some.Length; i++)
            {
                if ((logits[i] - max) * scale >= least)
                    Add(i, logits);
            }
        }
    }

    /// <summary>Replaces the candidates' logits by their weights <c>exp((x - max) * scale)</c>.</summary>
    /// <returns>The sum of the weights.</returns>
    public double ToWeights(float max, float scale)
    {
        WeightSums.Weigh(weights.AsSpan(0, (Count + 7) / 8 * 8), max, scale);
        var total = 0.0;
        foreach (var weight in Weights)
            total += weight;
        return total;
    }

    /// <summary>Keeps the fewest, most probable candidates whose weights sum to at least <paramref name="mass"/>; all when they do not.</summary>
    public void KeepMass(double mass)
    {
        var (low, high, wanted) = (0, Count, mass);
        if (Count > FewCandidates)
            (low, high, wanted) = NarrowToBucket(mass);

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
            (tokens[kept], weights[kept]) = (tokens[i], weights[i]);
            kept += weights[i] >= least ? 1 : 0;
        }

        Count = kept;
    }

    // Drops what is worse than the bucket in which the mass is reached and moves that bucket's candidates behind the better ones.
    private (int Low, int High, double Wanted) NarrowToBucket(double mass)
    {
        bucketMass.AsSpan().Clear();
        foreach (var weight in Weights)
            bucketMass[Bucket(weight)] += weight;

        var (border, wanted) = (BestBucket, mass);
        while (border > 0 && bucketMass[border] < wanted)
            wanted -= bucketMass[border--];

        KeepAtLeast(BitConverter.Int32BitsToSingle(border << BucketShift));
        var better = 0;
        for (var i = 0; i < Count; i++)
        {
            if (Bucket(weights[i]) > border)
                Swap(i, better++);
        }

        return (better, Count, wanted);
    }

    private static int Bucket(float weight) => Math.Min(BestBucket, BitConverter.SingleToInt32Bits(weight) >> BucketShift);

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

            Swap(i, j);
        }
    }

    private void Swap(int i, int j)
    {
        (weights[i], weights[j]) = (weights[j], weights[i]);
        (tokens[i], tokens[j]) = (tokens[j], tokens[i]);
    }

    private static bool Better(float weight, int token, float otherWeight, int otherToken) =>
        weight > otherWeight || (weight == otherWeight && token < otherToken);
}
