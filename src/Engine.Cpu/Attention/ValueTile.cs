using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>
/// Adds a span's weighted values to 6, 2 or 1 queries, a lane a dimension. The reduction law: the sum so far times its
/// correction, then an <c>fma</c> chain over the tokens in ascending order.
/// </summary>
internal static unsafe class ValueTile<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const int Tokens = KvLayout.BlockTokens;
    private const int Stride = AttentionSpan.Tokens;

    /// <param name="sums">The first query's sums; the next query's follow after <paramref name="width"/>.</param>
    /// <param name="width">Dimensions, a multiple of two vectors.</param>
    /// <param name="corrections">One a query.</param>
    /// <param name="weights">Of the first query for the span's tokens; the next query's follow after <see cref="AttentionSpan.Tokens"/>.</param>
    /// <param name="blocks">The span's blocks of values.</param>
    /// <param name="tokens">Tokens to add, from the span's first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Six(float* sums, int width, float* corrections, float* weights, float** blocks, int tokens)
    {
        for (var i = 0; i < width; i += 2 * TLanes.Count)
        {
            Begin(sums + i, corrections[0], out var s0a, out var s0b);
            Begin(sums + width + i, corrections[1], out var s1a, out var s1b);
            Begin(sums + (2 * width) + i, corrections[2], out var s2a, out var s2b);
            Begin(sums + (3 * width) + i, corrections[3], out var s3a, out var s3b);
            Begin(sums + (4 * width) + i, corrections[4], out var s4a, out var s4b);
            Begin(sums + (5 * width) + i, corrections[5], out var s5a, out var s5b);
            for (var token = 0; token < tokens;)
            {
                var row = blocks[token / Tokens] + i;
                for (var end = Math.Min(token + Tokens, tokens); token < end; token++, row += width)
                {
                    var (x, y) = (TLanes.Load(row), TLanes.Load(row + TLanes.Count));
                    var weight = weights + token;
                    Fold(weight[0], x, y, ref s0a, ref s0b);
                    Fold(weight[Stride], x, y, ref s1a, ref s1b);
                    Fold(weight[2 * Stride], x, y, ref s2a, ref s2b);
                    Fold(weight[3 * Stride], x, y, ref s3a, ref s3b);
                    Fold(weight[4 * Stride], x, y, ref s4a, ref s4b);
                    Fold(weight[5 * Stride], x, y, ref s5a, ref s5b);
                }
            }

            End(sums + i, s0a, s0b);
            End(sums + width + i, s1a, s1b);
            End(sums + (2 * width) + i, s2a, s2b);
            End(sums + (3 * width) + i, s3a, s3b);
            End(sums + (4 * width) + i, s4a, s4b);
            End(sums + (5 * width) + i, s5a, s5b);
        }
    }

    /// <inheritdoc cref="Six"/>
    /// <param name="ahead">Read a span later instead of <paramref name="blocks"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Two<TElements>(float* sums, int width, float* corrections, float* weights, byte** blocks, byte** ahead, int tokens)
        where TElements : struct, IElements
    {
        for (var i = 0; i < width; i += 2 * TLanes.Count)
        {
            Begin(sums + i, corrections[0], out var s0a, out var s0b);
            Begin(sums + width + i, corrections[1], out var s1a, out var s1b);
            for (var token = 0; token < tokens;)
            {
                byte* row = blocks[token / Tokens] + (i * TElements.Bytes), next = ahead[token / Tokens] + (i * TElements.Bytes);
                for (var end = Math.Min(token + Tokens, tokens); token < end; token++, row += width * TElements.Bytes, next += width * TElements.Bytes)
                {
                    Prefetch(next);
                    var (x, y) = (TElements.Load<TLanes, TVector>(row), TElements.Load<TLanes, TVector>(row + (TLanes.Count * TElements.Bytes)));
                    Fold(weights[token], x, y, ref s0a, ref s0b);
                    Fold(weights[Stride + token], x, y, ref s1a, ref s1b);
                }
            }

            End(sums + i, s0a, s0b);
            End(sums + width + i, s1a, s1b);
        }
    }

    /// <summary>As <see cref="Two"/>; or, with a correction of 1, tokens that the other queries of a tile do not see.</summary>
    /// <param name="from">The first token.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void One<TElements>(float* sums, int width, float correction, float* weights, byte** blocks, byte** ahead, int from, int tokens)
        where TElements : struct, IElements
    {
        for (var i = 0; i < width; i += 2 * TLanes.Count)
        {
            Begin(sums + i, correction, out var s0a, out var s0b);
            for (var token = from; token < tokens; token++)
            {
                var at = ((token % Tokens * width) + i) * TElements.Bytes;
                Prefetch(ahead[token / Tokens] + at);
                var row = blocks[token / Tokens] + at;
                Fold(weights[token], TElements.Load<TLanes, TVector>(row), TElements.Load<TLanes, TVector>(row + (TLanes.Count * TElements.Bytes)), ref s0a, ref s0b);
            }

            End(sums + i, s0a, s0b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* next)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin(float* sums, float correction, out TVector a, out TVector b)
    {
        var factor = TLanes.Create(correction);
        a = TLanes.Multiply(TLanes.Load(sums), factor);
        b = TLanes.Multiply(TLanes.Load(sums + TLanes.Count), factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End(float* sums, TVector a, TVector b)
    {
        TLanes.Store(a, sums);
        TLanes.Store(b, sums + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold(float weight, TVector a, TVector b, ref TVector sumA, ref TVector sumB)
    {
        var factor = TLanes.Create(weight);
        sumA = TLanes.Fma(a, factor, sumA);
        sumB = TLanes.Fma(b, factor, sumB);
    }
}
