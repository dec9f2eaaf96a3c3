using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// Floating-point weights times float inputs, one panel of 16 weight rows by 1, 2 or 4 input rows (or four panels by one).
/// The reduction law: each output is <c>fma(weight, input, sum)</c> over the columns in ascending order, in one lane.
/// </summary>
internal static unsafe class FloatTile<TFormat>
    where TFormat : struct, IFloatFormat
{
    private const int PanelRows = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(byte* weights, in ActivationRows x, int row, float* y, int stride)
    {
        var x0 = x.Values(row);
        var x1 = x.Values(row + 1);
        var x2 = x.Values(row + 2);
        var x3 = x.Values(row + 3);
        Vector256<float> y0a = default, y0b = default, y1a = default, y1b = default, y2a = default, y2b = default, y3a = default, y3b = default;
        var columns = x.Columns;
        for (var k = 0; k < columns; k++)
        {
            var (a, b) = TFormat.Load(weights);
            weights += PanelRows * TFormat.ElementBytes;
            Fold(x0[k], a, b, ref y0a, ref y0b);
            Fold(x1[k], a, b, ref y1a, ref y1b);
            Fold(x2[k], a, b, ref y2a, ref y2b);
            Fold(x3[k], a, b, ref y3a, ref y3b);
        }

        Store(y, y0a, y0b);
        Store(y + stride, y1a, y1b);
        Store(y + (2L * stride), y2a, y2b);
        Store(y + (3L * stride), y3a, y3b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(byte* weights, in ActivationRows x, int row, float* y, int stride)
    {
        var x0 = x.Values(row);
        var x1 = x.Values(row + 1);
        Vector256<float> y0a = default, y0b = default, y1a = default, y1b = default;
        var columns = x.Columns;
        for (var k = 0; k < columns; k++)
        {
            var (a, b) = TFormat.Load(weights);
            weights += PanelRows * TFormat.ElementBytes;
            Fold(x0[k], a, b, ref y0a, ref y0b);
            Fold(x1[k], a, b, ref y1a, ref y1b);
        }

        Store(y, y0a, y0b);
        Store(y + stride, y1a, y1b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(byte* weights, in ActivationRows x, int row, float* y)
    {
        var x0 = x.Values(row);
        Vector256<float> y0a = default, y0b = default;
        var columns = x.Columns;
        for (var k = 0; k < columns; k++)
        {
            var (a, b) = TFormat.Load(weights);
            weights += PanelRows * TFormat.ElementBytes;
            Fold(x0[k], a, b, ref y0a, ref y0b);
        }

        Store(y, y0a, y0b);
    }

    /// <summary>Four neighbouring panels by one input row: eight sums hide the latency of the additions that one panel would wait for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneByFourPanels(byte* weights, long panelBytes, in ActivationRows x, int row, float* y)
    {
        var x0 = x.Values(row);
        var w1 = weights + panelBytes;
        var w2 = weights + (2 * panelBytes);
        var w3 = weights + (3 * panelBytes);
        Vector256<float> y0a = default, y0b = default, y1a = default, y1b = default, y2a = default, y2b = default, y3a = default, y3b = default;
        var columns = x.Columns;
        long offset = 0;
        for (var k = 0; k < columns; k++, offset += PanelRows * TFormat.ElementBytes)
        {
            var (a, b) = TFormat.Load(weights + offset);
            Fold(x0[k], a, b, ref y0a, ref y0b);
            (a, b) = TFormat.Load(w1 + offset);
            Fold(x0[k], a, b, ref y1a, ref y1b);
            (a, b) = TFormat.Load(w2 + offset);
            Fold(x0[k], a, b, ref y2a, ref y2b);
            (a, b) = TFormat.Load(w3 + offset);
            Fold(x0[k], a, b, ref y3a, ref y3b);
        }

        Store(y, y0a, y0b);
        Store(y + 16, y1a, y1b);
        Store(y + 32, y2a, y2b);
        Store(y + 48, y3a, y3b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold(float x, Vector256<float> a, Vector256<float> b, ref Vector256<float> sumA, ref Vector256<float> sumB)
    {
        var input = Vector256.Create(x);
        sumA = Vector256.FusedMultiplyAdd(a, input, sumA);
        sumB = Vector256.FusedMultiplyAdd(b, input, sumB);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* y, Vector256<float> a, Vector256<float> b)
    {
        a.Store(y);
        b.Store(y + 8);
    }
}
