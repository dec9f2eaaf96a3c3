using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>
/// Attention of queries over one block of 16 keys and values.
/// The reduction law: a score is an <c>fma</c> chain over the dimensions in ascending order, in the slot's lane; the softmax
/// goes block by block from position 0, and within a block slot by slot. So it depends on the query's position alone.
/// </summary>
internal static unsafe class BlockKernels
{
    private const int Tokens = KvLayout.BlockTokens;

    /// <summary>Scores of four queries, weights into <see cref="QueryState.Current"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScoreFour(QueryState* queries, float* keys, int width, int start, in ScoreRule rule)
    {
        var q0 = queries[0].Query;
        var q1 = queries[1].Query;
        var q2 = queries[2].Query;
        var q3 = queries[3].Query;
        Vector256<float> s0a = default, s0b = default, s1a = default, s1b = default, s2a = default, s2b = default, s3a = default, s3b = default;
        for (var i = 0; i < width; i++, keys += Tokens)
        {
            var a = Vector256.Load(keys);
            var b = Vector256.Load(keys + 8);
            Fold(q0[i], a, b, ref s0a, ref s0b);
            Fold(q1[i], a, b, ref s1a, ref s1b);
            Fold(q2[i], a, b, ref s2a, ref s2b);
            Fold(q3[i], a, b, ref s3a, ref s3b);
        }

        Weigh(ref queries[0], s0a, s0b, start, in rule);
        Weigh(ref queries[1], s1a, s1b, start, in rule);
        Weigh(ref queries[2], s2a, s2b, start, in rule);
        Weigh(ref queries[3], s3a, s3b, start, in rule);
    }

    /// <inheritdoc cref="ScoreFour"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScoreTwo(QueryState* queries, float* keys, int width, int start, in ScoreRule rule)
    {
        var q0 = queries[0].Query;
        var q1 = queries[1].Query;
        Vector256<float> s0a = default, s0b = default, s1a = default, s1b = default;
        for (var i = 0; i < width; i++, keys += Tokens)
        {
            var a = Vector256.Load(keys);
            var b = Vector256.Load(keys + 8);
            Fold(q0[i], a, b, ref s0a, ref s0b);
            Fold(q1[i], a, b, ref s1a, ref s1b);
        }

        Weigh(ref queries[0], s0a, s0b, start, in rule);
        Weigh(ref queries[1], s1a, s1b, start, in rule);
    }

    /// <inheritdoc cref="ScoreFour"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScoreOne(QueryState* query, float* keys, int width, int start, in ScoreRule rule)
    {
        var q = query->Query;
        Vector256<float> a = default, b = default;
        for (var i = 0; i < width; i++, keys += Tokens)
            Fold(q[i], Vector256.Load(keys), Vector256.Load(keys + 8), ref a, ref b);

        Weigh(ref *query, a, b, start, in rule);
    }

    /// <summary>Adds the block's first <paramref name="slots"/> values to four queries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AccumulateFour(QueryState* queries, float* values, int paddedWidth, int slots)
    {
        var p0 = queries[0].Current;
        var p1 = queries[1].Current;
        var p2 = queries[2].Current;
        var p3 = queries[3].Current;
        for (var i = 0; i < paddedWidth; i += 16)
        {
            Begin(in queries[0], i, out var s0a, out var s0b);
            Begin(in queries[1], i, out var s1a, out var s1b);
            Begin(in queries[2], i, out var s2a, out var s2b);
            Begin(in queries[3], i, out var s3a, out var s3b);
            var row = values + i;
            for (var slot = 0; slot < slots; slot++, row += paddedWidth)
            {
                var a = Vector256.Load(row);
                var b = Vector256.Load(row + 8);
                Fold(p0[slot], a, b, ref s0a, ref s0b);
                Fold(p1[slot], a, b, ref s1a, ref s1b);
                Fold(p2[slot], a, b, ref s2a, ref s2b);
                Fold(p3[slot], a, b, ref s3a, ref s3b);
            }

            End(in queries[0], i, s0a, s0b);
            End(in queries[1], i, s1a, s1b);
            End(in queries[2], i, s2a, s2b);
            End(in queries[3], i, s3a, s3b);
        }
    }

    /// <inheritdoc cref="AccumulateFour"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AccumulateTwo(QueryState* queries, float* values, int paddedWidth, int slots)
    {
        var p0 = queries[0].Current;
        var p1 = queries[1].Current;
        for (var i = 0; i < paddedWidth; i += 16)
        {
            Begin(in queries[0], i, out var s0a, out var s0b);
            Begin(in queries[1], i, out var s1a, out var s1b);
            var row = values + i;
            for (var slot = 0; slot < slots; slot++, row += paddedWidth)
            {
                var a = Vector256.Load(row);
                var b = Vector256.Load(row + 8);
                Fold(p0[slot], a, b, ref s0a, ref s0b);
                Fold(p1[slot], a, b, ref s1a, ref s1b);
            }

            End(in queries[0], i, s0a, s0b);
            End(in queries[1], i, s1a, s1b);
        }
    }

    /// <inheritdoc cref="AccumulateFour"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AccumulateOne(QueryState* query, float* values, int paddedWidth, int slots)
    {
        var p = query->Current;
        for (var i = 0; i < paddedWidth; i += 16)
        {
            Begin(in *query, i, out var a, out var b);
            var row = values + i;
            for (var slot = 0; slot < slots; slot++, row += paddedWidth)
                Fold(p[slot], Vector256.Load(row), Vector256.Load(row + 8), ref a, ref b);

            End(in *query, i, a, b);
        }
    }

    // Slots that the query does not see get weight 0; those after its position may hold anything.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Weigh(ref QueryState query, Vector256<float> a, Vector256<float> b, int start, in ScoreRule rule)
    {
        a = rule.Apply(a, Vector256<int>.Indices + Vector256.Create(start), query.Position);
        b = rule.Apply(b, Vector256<int>.Indices + Vector256.Create(start + 8), query.Position);
        var largest = MathF.Max(query.Largest, VectorMath.Max(a, b));
        var base0 = Vector256.Create(largest);
        var correction = VectorMath.Exp(Vector256.Create(query.Largest) - base0);
        a = VectorMath.Exp(a - base0);
        b = VectorMath.Exp(b - base0);
        a.Store(query.Current);
        b.Store(query.Current + 8);
        Vector256.FusedMultiplyAdd(Vector256.Load(query.Weights), correction, a).Store(query.Weights);
        Vector256.FusedMultiplyAdd(Vector256.Load(query.Weights + 8), correction, b).Store(query.Weights + 8);
        query.Largest = largest;
        query.Correction = correction.ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin(in QueryState query, int i, out Vector256<float> a, out Vector256<float> b)
    {
        var correction = Vector256.Create(query.Correction);
        a = Vector256.Load(query.Sum + i) * correction;
        b = Vector256.Load(query.Sum + i + 8) * correction;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End(in QueryState query, int i, Vector256<float> a, Vector256<float> b)
    {
        a.Store(query.Sum + i);
        b.Store(query.Sum + i + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold(float weight, Vector256<float> a, Vector256<float> b, ref Vector256<float> sumA, ref Vector256<float> sumB)
    {
        var factor = Vector256.Create(weight);
        sumA = Vector256.FusedMultiplyAdd(a, factor, sumA);
        sumB = Vector256.FusedMultiplyAdd(b, factor, sumB);
    }
}
