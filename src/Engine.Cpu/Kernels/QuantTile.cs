using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// Quantized weights times quantized activations, one panel of 16 weight rows by 1, 2 or 4 input rows.
/// The reduction law: each output is <c>fma(float(Σ32 bytes), weightScale·inputScale, sum)</c> over the blocks in ascending
/// order, in one lane. The tile only chooses how many such sums run beside each other.
/// </summary>
internal static unsafe class QuantTile<TFormat, TDot>
    where TFormat : struct, IQuantFormat
    where TDot : struct, IByteDot
{
    private const int Steps = 4;
    private const int PrefetchBytes = 8192;

    /// <param name="weights">The panel's packed weights.</param>
    /// <param name="scales">The panel's scales: 16 halves a block.</param>
    /// <param name="x">Input rows.</param>
    /// <param name="row">First of the four input rows.</param>
    /// <param name="y">Output of that row and the panel's first weight row.</param>
    /// <param name="stride">Floats from one input row's outputs to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(byte* weights, ushort* scales, in ActivationRows x, int row, float* y, int stride)
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
        var blocks = x.Columns / Q8Block.Size;
        for (var block = 0; block < blocks; block++)
        {
            var s0a = Vector256.Create(TFormat.Correction(in b0[block]));
            var s1a = Vector256.Create(TFormat.Correction(in b1[block]));
            var s2a = Vector256.Create(TFormat.Correction(in b2[block]));
            var s3a = Vector256.Create(TFormat.Correction(in b3[block]));
            var (s0b, s1b, s2b, s3b) = (s0a, s1a, s2a, s3a);
            for (var step = 0; step < Steps; step++)
            {
                TFormat.Load(weights, out var lowA, out var lowB, out var highA, out var highB);
                Prefetch(weights);
                weights += TFormat.StepBytes;
                Step(x0, lowA, lowB, highA, highB, ref s0a, ref s0b);
                Step(x1, lowA, lowB, highA, highB, ref s1a, ref s1b);
                Step(x2, lowA, lowB, highA, highB, ref s2a, ref s2b);
                Step(x3, lowA, lowB, highA, highB, ref s3a, ref s3b);
                x0 += 4;
                x1 += 4;
                x2 += 4;
                x3 += 4;
            }

            x0 += 16;
            x1 += 16;
            x2 += 16;
            x3 += 16;
            var (scaleA, scaleB) = HalfFloats.Load(scales + (block * 16));
            Fold(b0[block].Scale, scaleA, scaleB, s0a, s0b, ref y0a, ref y0b);
            Fold(b1[block].Scale, scaleA, scaleB, s1a, s1b, ref y1a, ref y1b);
            Fold(b2[block].Scale, scaleA, scaleB, s2a, s2b, ref y2a, ref y2b);
            Fold(b3[block].Scale, scaleA, scaleB, s3a, s3b, ref y3a, ref y3b);
        }

        Store(y, y0a, y0b);
        Store(y + stride, y1a, y1b);
        Store(y + (2L * stride), y2a, y2b);
        Store(y + (3L * stride), y3a, y3b);
    }

    /// <inheritdoc cref="Four"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(byte* weights, ushort* scales, in ActivationRows x, int row, float* y, int stride)
    {
        var x0 = x.Quants(row);
        var x1 = x.Quants(row + 1);
        var b0 = x.Blocks(row);
        var b1 = x.Blocks(row + 1);
        Vector256<float> y0a = default, y0b = default, y1a = default, y1b = default;
        var blocks = x.Columns / Q8Block.Size;
        for (var block = 0; block < blocks; block++)
        {
            var s0a = Vector256.Create(TFormat.Correction(in b0[block]));
            var s1a = Vector256.Create(TFormat.Correction(in b1[block]));
            var (s0b, s1b) = (s0a, s1a);
            for (var step = 0; step < Steps; step++)
            {
                TFormat.Load(weights, out var lowA, out var lowB, out var highA, out var highB);
                Prefetch(weights);
                weights += TFormat.StepBytes;
                Step(x0, lowA, lowB, highA, highB, ref s0a, ref s0b);
                Step(x1, lowA, lowB, highA, highB, ref s1a, ref s1b);
                x0 += 4;
                x1 += 4;
            }

            x0 += 16;
            x1 += 16;
            var (scaleA, scaleB) = HalfFloats.Load(scales + (block * 16));
            Fold(b0[block].Scale, scaleA, scaleB, s0a, s0b, ref y0a, ref y0b);
            Fold(b1[block].Scale, scaleA, scaleB, s1a, s1b, ref y1a, ref y1b);
        }

        Store(y, y0a, y0b);
        Store(y + stride, y1a, y1b);
    }

    /// <inheritdoc cref="Four"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(byte* weights, ushort* scales, in ActivationRows x, int row, float* y)
    {
        var x0 = x.Quants(row);
        var b0 = x.Blocks(row);
        Vector256<float> y0a = default, y0b = default;
        var blocks = x.Columns / Q8Block.Size;
        for (var block = 0; block < blocks; block++)
        {
            var s0a = Vector256.Create(TFormat.Correction(in b0[block]));
            var s0b = s0a;
            for (var step = 0; step < Steps; step++)
            {
                TFormat.Load(weights, out var lowA, out var lowB, out var highA, out var highB);
                Prefetch(weights);
                weights += TFormat.StepBytes;
                Step(x0, lowA, lowB, highA, highB, ref s0a, ref s0b);
                x0 += 4;
            }

            x0 += 16;
            var (scaleA, scaleB) = HalfFloats.Load(scales + (block * 16));
            Fold(b0[block].Scale, scaleA, scaleB, s0a, s0b, ref y0a, ref y0b);
        }

        Store(y, y0a, y0b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(sbyte* x, Vector256<byte> lowA, Vector256<byte> lowB, Vector256<byte> highA, Vector256<byte> highB, ref Vector256<int> a, ref Vector256<int> b)
    {
        var low = Vector256.Create(*(int*)x).AsSByte();
        a = TDot.Accumulate(a, lowA, low);
        b = TDot.Accumulate(b, lowB, low);
        var high = Vector256.Create(*(int*)(x + 16)).AsSByte();
        a = TDot.Accumulate(a, highA, high);
        b = TDot.Accumulate(b, highB, high);
    }

    // The hardware prefetcher stops at page borders.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* weights)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(weights + PrefetchBytes);
        if (TFormat.StepBytes > 64)
            Sse.Prefetch0(weights + PrefetchBytes + 64);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold(float inputScale, Vector256<float> scaleA, Vector256<float> scaleB, Vector256<int> sumA, Vector256<int> sumB, ref Vector256<float> a, ref Vector256<float> b)
    {
        var scale = Vector256.Create(inputScale);
        a = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(sumA), scaleA * scale, a);
        b = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(sumB), scaleB * scale, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* y, Vector256<float> a, Vector256<float> b)
    {
        a.Store(y);
        b.Store(y + 8);
    }
}
