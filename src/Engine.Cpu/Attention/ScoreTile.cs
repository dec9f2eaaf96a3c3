using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>
/// Products of 6, 2 or 1 queries with two vectors of keys, a lane a token. The reduction law: an <c>fma</c> chain over the
/// dimensions in ascending order, in the token's lane.
/// </summary>
/// <remarks>Six queries by two vectors are 12 sums, which with the keys and a factor fill the 16 registers of AVX2 and keep both multipliers of a core busy.</remarks>
internal static unsafe class ScoreTile<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const int Tokens = KvLayout.BlockTokens;
    private const int Stride = AttentionSpan.Tokens;

    /// <param name="queries">Six queries, interleaved by dimension.</param>
    /// <param name="a">Keys of the first vector's tokens, <see cref="KvLayout.BlockTokens"/> floats from dimension to dimension.</param>
    /// <param name="b">Keys of the second vector's.</param>
    /// <param name="width">Dimensions.</param>
    /// <param name="scores">Of the first query; the next query's follow after <see cref="AttentionSpan.Tokens"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Six(float* queries, float* a, float* b, int width, float* scores)
    {
        TVector s0a = default, s0b = default, s1a = default, s1b = default, s2a = default, s2b = default;
        TVector s3a = default, s3b = default, s4a = default, s4b = default, s5a = default, s5b = default;
        for (var i = 0; i < width; i++, a += Tokens, b += Tokens, queries += 6)
        {
            var (x, y) = (TLanes.Load(a), TLanes.Load(b));
            Fold(queries[0], x, y, ref s0a, ref s0b);
            Fold(queries[1], x, y, ref s1a, ref s1b);
            Fold(queries[2], x, y, ref s2a, ref s2b);
            Fold(queries[3], x, y, ref s3a, ref s3b);
            Fold(queries[4], x, y, ref s4a, ref s4b);
            Fold(queries[5], x, y, ref s5a, ref s5b);
        }

        Store(scores, s0a, s0b);
        Store(scores + Stride, s1a, s1b);
        Store(scores + (2 * Stride), s2a, s2b);
        Store(scores + (3 * Stride), s3a, s3b);
        Store(scores + (4 * Stride), s4a, s4b);
        Store(scores + (5 * Stride), s5a, s5b);
    }

    /// <inheritdoc cref="Six"/>
    /// <param name="aheadA">Read a span later instead of <paramref name="a"/>.</param>
    /// <param name="aheadB">And of <paramref name="b"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Two<TElements>(float* queries, byte* a, byte* b, byte* aheadA, byte* aheadB, int width, float* scores)
        where TElements : struct, IElements
    {
        TVector s0a = default, s0b = default, s1a = default, s1b = default;
        for (nint i = 0; i < width; i++, queries += 2)
        {
            var at = i * Tokens * TElements.Bytes;
            Prefetch(aheadA + at, aheadB + at);
            var (x, y) = (TElements.Load<TLanes, TVector>(a + at), TElements.Load<TLanes, TVector>(b + at));
            Fold(queries[0], x, y, ref s0a, ref s0b);
            Fold(queries[1], x, y, ref s1a, ref s1b);
        }

        Store(scores, s0a, s0b);
        Store(scores + Stride, s1a, s1b);
    }

    /// <inheritdoc cref="Two"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void One<TElements>(float* queries, byte* a, byte* b, byte* aheadA, byte* aheadB, int width, float* scores)
        where TElements : struct, IElements
    {
        TVector s0a = default, s0b = default;
        for (nint i = 0; i < width; i++)
        {
            var at = i * Tokens * TElements.Bytes;
            Prefetch(aheadA + at, aheadB + at);
            Fold(queries[i], TElements.Load<TLanes, TVector>(a + at), TElements.Load<TLanes, TVector>(b + at), ref s0a, ref s0b);
        }

        Store(scores, s0a, s0b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* a, byte* b)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(a);
        Sse.Prefetch0(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold(float query, TVector a, TVector b, ref TVector sumA, ref TVector sumB)
    {
        var factor = TLanes.Create(query);
        sumA = TLanes.Fma(a, factor, sumA);
        sumB = TLanes.Fma(b, factor, sumB);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* scores, TVector a, TVector b)
    {
        TLanes.Store(a, scores);
        TLanes.Store(b, scores + TLanes.Count);
    }
}
