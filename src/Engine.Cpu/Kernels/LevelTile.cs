using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// Weights in levels and group scales times quantized activations, one panel of 16 weight rows by 1, 2 or 4 input rows.
/// The reduction law: over the groups in ascending order each output takes <c>fma(float(Σ levels·bytes), scale·inputScale, sum)</c> and then, where there are
/// minima, <c>fma(minimum, inputScale·Σ bytes, sum)</c>, in one lane. The tile only chooses how many such sums run beside each other.
/// </summary>
internal static unsafe class LevelTile<TLevels, TScales, TDot>
    where TLevels : struct, ILevelFormat
    where TScales : struct, IScaleFormat
    where TDot : struct, IByteDot
{
    private const int PrefetchBytes = 8192;
    private const int LineBytes = 64;

    /// <param name="levels">The panel's levels.</param>
    /// <param name="scales">The panel's scales.</param>
    /// <param name="x">Input rows.</param>
    /// <param name="row">First of the four input rows.</param>
    /// <param name="y">Output of that row and the panel's first weight row.</param>
    /// <param name="stride">Floats from one input row's outputs to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(byte* levels, byte* scales, in ActivationRows x, int row, float* y, int stride)
    {
        var x0 = x.Quants(row);
        var x1 = x.Quants(row + 1);
        var x2 = x.Quants(row + 2);
        var x3 = x.Quants(row + 3);
        var b0 = x.Blocks(row);
        var b1 = x.Blocks(row + 1);
        var b2 = x.Blocks(row + 2);
        var b3 = x.Blocks(row + 3);
        Vector256<float> y0a = default, y0b = default, y1a = default, y1b = default, y2a = default, y2b = default, y3a = default, y3b = default;
        for (var left = x.Columns / Q8Block.Size; left > 0; left -= TScales.Blocks)
        {
            TScales.Units(scales, out var unitA, out var unitB, out var minimumUnitA, out var minimumUnitB);
            var integers = scales + TScales.IntegersAt;
            scales += TScales.UnitBytes;
            for (var block = 0; block < TScales.Blocks; block++)
            {
                Prefetch(levels);
                var s0a = Start(b0, 0);
                var s1a = Start(b1, 0);
                var s2a = Start(b2, 0);
                var s3a = Start(b3, 0);
                var (s0b, s1b, s2b, s3b) = (s0a, s1a, s2a, s3a);
                TLevels.Load(levels, 0, out var firstA, out var firstB, out var secondA, out var secondB);
                Step(x0, firstA, firstB, secondA, secondB, ref s0a, ref s0b);
                Step(x1, firstA, firstB, secondA, secondB, ref s1a, ref s1b);
                Step(x2, firstA, firstB, secondA, secondB, ref s2a, ref s2b);
                Step(x3, firstA, firstB, secondA, secondB, ref s3a, ref s3b);
                TLevels.Load(levels, 1, out firstA, out firstB, out secondA, out secondB);
                Step(x0 + 8, firstA, firstB, secondA, secondB, ref s0a, ref s0b);
                Step(x1 + 8, firstA, firstB, secondA, secondB, ref s1a, ref s1b);
                Step(x2 + 8, firstA, firstB, secondA, secondB, ref s2a, ref s2b);
                Step(x3 + 8, firstA, firstB, secondA, secondB, ref s3a, ref s3b);
                Vector256<float> scaleA, scaleB;
                if (TScales.Split)
                {
                    (scaleA, scaleB) = (unitA, unitB);
                    TScales.Scales(integers, 0, ref scaleA, ref scaleB);
                    Fold(b0->Scale, scaleA, scaleB, s0a, s0b, ref y0a, ref y0b);
                    Fold(b1->Scale, scaleA, scaleB, s1a, s1b, ref y1a, ref y1b);
                    Fold(b2->Scale, scaleA, scaleB, s2a, s2b, ref y2a, ref y2b);
                    Fold(b3->Scale, scaleA, scaleB, s3a, s3b, ref y3a, ref y3b);
                    if (TScales.HasMinima)
                    {
                        (scaleA, scaleB) = (minimumUnitA, minimumUnitB);
                        TScales.Minima(integers, 0, ref scaleA, ref scaleB);
                        Lift(Sum(b0, 0), scaleA, scaleB, ref y0a, ref y0b);
                        Lift(Sum(b1, 0), scaleA, scaleB, ref y1a, ref y1b);
                        Lift(Sum(b2, 0), scaleA, scaleB, ref y2a, ref y2b);
                        Lift(Sum(b3, 0), scaleA, scaleB, ref y3a, ref y3b);
                    }

                    s0a = Start(b0, 1);
                    s1a = Start(b1, 1);
                    s2a = Start(b2, 1);
                    s3a = Start(b3, 1);
                    (s0b, s1b, s2b, s3b) = (s0a, s1a, s2a, s3a);
                }

                TLevels.Load(levels, 2, out firstA, out firstB, out secondA, out secondB);
                Step(x0 + 16, firstA, firstB, secondA, secondB, ref s0a, ref s0b);
                Step(x1 + 16, firstA, firstB, secondA, secondB, ref s1a, ref s1b);
                Step(x2 + 16, firstA, firstB, secondA, secondB, ref s2a, ref s2b);
                Step(x3 + 16, firstA, firstB, secondA, secondB, ref s3a, ref s3b);
                TLevels.Load(levels, 3, out firstA, out firstB, out secondA, out secondB);
                Step(x0 + 24, firstA, firstB, secondA, secondB, ref s0a, ref s0b);
                Step(x1 + 24, firstA, firstB, secondA, secondB, ref s1a, ref s1b);
                Step(x2 + 24, firstA, firstB, secondA, secondB, ref s2a, ref s2b);
                Step(x3 + 24, firstA, firstB, secondA, secondB, ref s3a, ref s3b);
                (scaleA, scaleB) = (unitA, unitB);
                TScales.Scales(integers, 1, ref scaleA, ref scaleB);
                Fold(b0->Scale, scaleA, scaleB, s0a, s0b, ref y0a, ref y0b);
                Fold(b1->Scale, scaleA, scaleB, s1a, s1b, ref y1a, ref y1b);
                Fold(b2->Scale, scaleA, scaleB, s2a, s2b, ref y2a, ref y2b);
                Fold(b3->Scale, scaleA, scaleB, s3a, s3b, ref y3a, ref y3b);
                if (TScales.HasMinima)
                {
                    (scaleA, scaleB) = (minimumUnitA, minimumUnitB);
                    TScales.Minima(integers, 1, ref scaleA, ref scaleB);
                    Lift(Sum(b0, 1), scaleA, scaleB, ref y0a, ref y0b);
                    Lift(Sum(b1, 1), scaleA, scaleB, ref y1a, ref y1b);
                    Lift(Sum(b2, 1), scaleA, scaleB, ref y2a, ref y2b);
                    Lift(Sum(b3, 1), scaleA, scaleB, ref y3a, ref y3b);
                }

                x0 += Q8Block.Size;
                x1 += Q8Block.Size;
                x2 += Q8Block.Size;
                x3 += Q8Block.Size;
                b0++;
                b1++;
                b2++;
                b3++;
                levels += TLevels.BlockBytes;
                integers += IScaleFormat.BlockIntegers;
            }
        }

        Store(y, y0a, y0b);
        Store(y + stride, y1a, y1b);
        Store(y + (2L * stride), y2a, y2b);
        Store(y + (3L * stride), y3a, y3b);
    }

    /// <inheritdoc cref="Four"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(byte* levels, byte* scales, in ActivationRows x, int row, float* y, int stride)
    {
        var x0 = x.Quants(row);
        var x1 = x.Quants(row + 1);
        var b0 = x.Blocks(row);
        var b1 = x.Blocks(row + 1);
        Vector256<float> y0a = default, y0b = default, y1a = default, y1b = default;
        for (var left = x.Columns / Q8Block.Size; left > 0; left -= TScales.Blocks)
        {
            TScales.Units(scales, out var unitA, out var unitB, out var minimumUnitA, out var minimumUnitB);
            var integers = scales + TScales.IntegersAt;
            scales += TScales.UnitBytes;
            for (var block = 0; block < TScales.Blocks; block++)
            {
                Prefetch(levels);
                var s0a = Start(b0, 0);
                var s1a = Start(b1, 0);
                var (s0b, s1b) = (s0a, s1a);
                TLevels.Load(levels, 0, out var firstA, out var firstB, out var secondA, out var secondB);
                Step(x0, firstA, firstB, secondA, secondB, ref s0a, ref s0b);
                Step(x1, firstA, firstB, secondA, secondB, ref s1a, ref s1b);
                TLevels.Load(levels, 1, out firstA, out firstB, out secondA, out secondB);
                Step(x0 + 8, firstA, firstB, secondA, secondB, ref s0a, ref s0b);
                Step(x1 + 8, firstA, firstB, secondA, secondB, ref s1a, ref s1b);
                Vector256<float> scaleA, scaleB;
                if (TScales.Split)
                {
                    (scaleA, scaleB) = (unitA, unitB);
                    TScales.Scales(integers, 0, ref scaleA, ref scaleB);
                    Fold(b0->Scale, scaleA, scaleB, s0a, s0b, ref y0a, ref y0b);
                    Fold(b1->Scale, scaleA, scaleB, s1a, s1b, ref y1a, ref y1b);
                    if (TScales.HasMinima)
                    {
                        (scaleA, scaleB) = (minimumUnitA, minimumUnitB);
                        TScales.Minima(integers, 0, ref scaleA, ref scaleB);
                        Lift(Sum(b0, 0), scaleA, scaleB, ref y0a, ref y0b);
                        Lift(Sum(b1, 0), scaleA, scaleB, ref y1a, ref y1b);
                    }

                    s0a = Start(b0, 1);
                    s1a = Start(b1, 1);
                    (s0b, s1b) = (s0a, s1a);
                }

                TLevels.Load(levels, 2, out firstA, out firstB, out secondA, out secondB);
                Step(x0 + 16, firstA, firstB, secondA, secondB, ref s0a, ref s0b);
                Step(x1 + 16, firstA, firstB, secondA, secondB, ref s1a, ref s1b);
                TLevels.Load(levels, 3, out firstA, out firstB, out secondA, out secondB);
                Step(x0 + 24, firstA, firstB, secondA, secondB, ref s0a, ref s0b);
                Step(x1 + 24, firstA, firstB, secondA, secondB, ref s1a, ref s1b);
                (scaleA, scaleB) = (unitA, unitB);
                TScales.Scales(integers, 1, ref scaleA, ref scaleB);
                Fold(b0->Scale, scaleA, scaleB, s0a, s0b, ref y0a, ref y0b);
                Fold(b1->Scale, scaleA, scaleB, s1a, s1b, ref y1a, ref y1b);
                if (TScales.HasMinima)
                {
                    (scaleA, scaleB) = (minimumUnitA, minimumUnitB);
                    TScales.Minima(integers, 1, ref scaleA, ref scaleB);
                    Lift(Sum(b0, 1), scaleA, scaleB, ref y0a, ref y0b);
                    Lift(Sum(b1, 1), scaleA, scaleB, ref y1a, ref y1b);
                }

                x0 += Q8Block.Size;
                x1 += Q8Block.Size;
                b0++;
                b1++;
                levels += TLevels.BlockBytes;
                integers += IScaleFormat.BlockIntegers;
            }
        }

        Store(y, y0a, y0b);
        Store(y + stride, y1a, y1b);
    }

    /// <inheritdoc cref="Four"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(byte* levels, byte* scales, in ActivationRows x, int row, float* y)
    {
        var x0 = x.Quants(row);
        var b0 = x.Blocks(row);
        Vector256<float> y0a = default, y0b = default;
        for (var left = x.Columns / Q8Block.Size; left > 0; left -= TScales.Blocks)
        {
            TScales.Units(scales, out var unitA, out var unitB, out var minimumUnitA, out var minimumUnitB);
            var integers = scales + TScales.IntegersAt;
            scales += TScales.UnitBytes;
            for (var block = 0; block < TScales.Blocks; block++)
            {
                Prefetch(levels);
                var s0a = Start(b0, 0);
                var s0b = s0a;
                TLevels.Load(levels, 0, out var firstA, out var firstB, out var secondA, out var secondB);
                Step(x0, firstA, firstB, secondA, secondB, ref s0a, ref s0b);
                TLevels.Load(levels, 1, out firstA, out firstB, out secondA, out secondB);
                Step(x0 + 8, firstA, firstB, secondA, secondB, ref s0a, ref s0b);
                Vector256<float> scaleA, scaleB;
                if (TScales.Split)
                {
                    (scaleA, scaleB) = (unitA, unitB);
                    TScales.Scales(integers, 0, ref scaleA, ref scaleB);
                    Fold(b0->Scale, scaleA, scaleB, s0a, s0b, ref y0a, ref y0b);
                    if (TScales.HasMinima)
                    {
                        (scaleA, scaleB) = (minimumUnitA, minimumUnitB);
                        TScales.Minima(integers, 0, ref scaleA, ref scaleB);
                        Lift(Sum(b0, 0), scaleA, scaleB, ref y0a, ref y0b);
                    }

                    s0a = Start(b0, 1);
                    s0b = s0a;
                }

                TLevels.Load(levels, 2, out firstA, out firstB, out secondA, out secondB);
                Step(x0 + 16, firstA, firstB, secondA, secondB, ref s0a, ref s0b);
                TLevels.Load(levels, 3, out firstA, out firstB, out secondA, out secondB);
                Step(x0 + 24, firstA, firstB, secondA, secondB, ref s0a, ref s0b);
                (scaleA, scaleB) = (unitA, unitB);
                TScales.Scales(integers, 1, ref scaleA, ref scaleB);
                Fold(b0->Scale, scaleA, scaleB, s0a, s0b, ref y0a, ref y0b);
                if (TScales.HasMinima)
                {
                    (scaleA, scaleB) = (minimumUnitA, minimumUnitB);
                    TScales.Minima(integers, 1, ref scaleA, ref scaleB);
                    Lift(Sum(b0, 1), scaleA, scaleB, ref y0a, ref y0b);
                }

                x0 += Q8Block.Size;
                b0++;
                levels += TLevels.BlockBytes;
                integers += IScaleFormat.BlockIntegers;
            }
        }

        Store(y, y0a, y0b);
    }

    // Levels without minima are centred: Σ(l - c)·x = Σl·x - c·Σx, in exact integers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Start(Q8Block* block, int half)
    {
        if (TScales.HasMinima)
            return default;
        var sum = !TScales.Split ? block->LowSum + block->HighSum : half == 0 ? block->LowSum : block->HighSum;
        return Vector256.Create(-(TLevels.Levels / 2) * sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Q8Block* block, int half) => !TScales.Split ? block->ScaledSum : half == 0 ? block->ScaledLowSum : block->ScaledHighSum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(sbyte* x, Vector256<byte> firstA, Vector256<byte> firstB, Vector256<byte> secondA, Vector256<byte> secondB, ref Vector256<int> a, ref Vector256<int> b)
    {
        var first = Vector256.Create(*(int*)x).AsSByte();
        a = TDot.AccumulateLevels(a, firstA, first);
        b = TDot.AccumulateLevels(b, firstB, first);
        var second = Vector256.Create(*(int*)(x + 4)).AsSByte();
        a = TDot.AccumulateLevels(a, secondA, second);
        b = TDot.AccumulateLevels(b, secondB, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold(float inputScale, Vector256<float> scaleA, Vector256<float> scaleB, Vector256<int> sumA, Vector256<int> sumB, ref Vector256<float> a, ref Vector256<float> b)
    {
        var scale = Vector256.Create(inputScale);
        a = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(sumA), scaleA * scale, a);
        b = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(sumB), scaleB * scale, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lift(float inputSum, Vector256<float> minimumA, Vector256<float> minimumB, ref Vector256<float> a, ref Vector256<float> b)
    {
        var sum = Vector256.Create(inputSum);
        a = Vector256.FusedMultiplyAdd(minimumA, sum, a);
        b = Vector256.FusedMultiplyAdd(minimumB, sum, b);
    }

    // The hardware prefetcher stops at page borders.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* levels)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(levels + PrefetchBytes);
        Sse.Prefetch0(levels + PrefetchBytes + LineBytes);
        if (TLevels.BlockBytes > 2 * LineBytes)
            Sse.Prefetch0(levels + PrefetchBytes + (2 * LineBytes));
        if (TLevels.BlockBytes > 3 * LineBytes)
            Sse.Prefetch0(levels + PrefetchBytes + (3 * LineBytes));
        if (TLevels.BlockBytes > 4 * LineBytes)
            Sse.Prefetch0(levels + PrefetchBytes + (4 * LineBytes));
        if (TLevels.BlockBytes > 5 * LineBytes)
            Sse.Prefetch0(levels + PrefetchBytes + (5 * LineBytes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* y, Vector256<float> a, Vector256<float> b)
    {
        a.Store(y);
        b.Store(y + 8);
    }
}
