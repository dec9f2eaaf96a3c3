using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>
/// The two products of an adapter, over panels of 16 outputs like those of <see cref="FloatTile{TFormat, TLanes}"/>: each output has a lane of its own.
/// The reduction law: on the way down each block of columns (of floats: all of them) has four running sums, one for the columns of each remainder
/// by 4, ascending, joined as <c>(0 + 1) + (2 + 3)</c>: one panel has too few lanes to hide the latency of a single sum. On the way up a block has one
/// sum over the rank, ascending. Blocks are joined by <see cref="ILoraFormat.Join"/>, ascending. What the way up gives is then added to what is there.
/// Nothing depends on other rows.
/// </summary>
internal static unsafe class LoraTile<TFormat, TLanes>
    where TFormat : struct, ILoraFormat
    where TLanes : struct, IPanelLanes<TLanes>
{
    private const int PanelRows = 16;
    private const int Chains = 4;
    private const int LineBytes = 64;

    private static int ColumnBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => PanelRows * TFormat.ElementBytes;
    }

    /// <summary><c>t = scale·(A x)</c> of one panel and one row.</summary>
    /// <param name="weights">The panel.</param>
    /// <param name="ahead">What is read next: prefetched at the pace at which the panel is read. A panel is too short for the hardware's prefetcher, and the next lies elsewhere.</param>
    /// <param name="x">The row.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="scale">Of the row.</param>
    /// <param name="t">Where the 16 results go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Down(byte* weights, byte* ahead, float* x, int columns, float scale, float* t)
    {
        TLanes result = default;
        for (var k = 0; k < columns;)
        {
            TLanes sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            var block = TFormat.Scales<TLanes>(weights);
            weights += TFormat.HeaderBytes;
            var end = k + Math.Min(TFormat.BlockColumns, columns - k);
            for (; k + Chains <= end; k += Chains)
            {
                Prefetch(ahead, Chains * ColumnBytes);
                ahead += Chains * ColumnBytes;
                sum0 = Fold(weights, x[k], sum0);
                sum1 = Fold(weights + ColumnBytes, x[k + 1], sum1);
                sum2 = Fold(weights + (2 * ColumnBytes), x[k + 2], sum2);
                sum3 = Fold(weights + (3 * ColumnBytes), x[k + 3], sum3);
                weights += Chains * ColumnBytes;
            }

            // Only the last block's columns may be no multiple of four.
            if (k < end)
                sum0 = Fold(weights, x[k], sum0);
            if (k + 1 < end)
                sum1 = Fold(weights + ColumnBytes, x[k + 1], sum1);
            if (k + 2 < end)
                sum2 = Fold(weights + (2 * ColumnBytes), x[k + 2], sum2);
            k = end;
            result = TFormat.Join(sum0 + sum1 + (sum2 + sum3), block, result);
        }

        (TLanes.Broadcast(scale) * result).Store(t);
    }

    /// <summary>The same for four rows, whose weights are widened once: chain after chain.</summary>
    /// <param name="weights">A panel.</param>
    /// <param name="x">Four rows, by address.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="scales">Of each row.</param>
    /// <param name="t">Where each row's 16 results go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void DownFour(byte* weights, float** x, int columns, float* scales, float** t)
    {
        const int chainFloats = 4 * PanelRows;
        var sums = stackalloc float[Chains * chainFloats];
        float* x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3];
        TLanes result0 = default, result1 = default, result2 = default, result3 = default;
        for (var first = 0; first < columns;)
        {
            var block = TFormat.Scales<TLanes>(weights);
            weights += TFormat.HeaderBytes;
            var end = first + Math.Min(TFormat.BlockColumns, columns - first);
            for (var chain = 0; chain < Chains; chain++)
            {
                TLanes y0 = default, y1 = default, y2 = default, y3 = default;
                var column = weights + (chain * ColumnBytes);
                for (var k = first + chain; k < end; k += Chains, column += Chains * ColumnBytes)
                {
                    var w = TFormat.Load<TLanes>(column);
                    y0 = TLanes.FusedMultiplyAdd(w, TLanes.Broadcast(x0[k]), y0);
                    y1 = TLanes.FusedMultiplyAdd(w, TLanes.Broadcast(x1[k]), y1);
                    y2 = TLanes.FusedMultiplyAdd(w, TLanes.Broadcast(x2[k]), y2);
                    y3 = TLanes.FusedMultiplyAdd(w, TLanes.Broadcast(x3[k]), y3);
                }

                var sum = sums + (chain * chainFloats);
                y0.Store(sum);
                y1.Store(sum + PanelRows);
                y2.Store(sum + (2 * PanelRows));
                y3.Store(sum + (3 * PanelRows));
            }

            result0 = TFormat.Join(Sum(sums), block, result0);
            result1 = TFormat.Join(Sum(sums + PanelRows), block, result1);
            result2 = TFormat.Join(Sum(sums + (2 * PanelRows)), block, result2);
            result3 = TFormat.Join(Sum(sums + (3 * PanelRows)), block, result3);
            weights += (long)(end - first) * ColumnBytes;
            first = end;
        }

        (TLanes.Broadcast(scales[0]) * result0).Store(t[0]);
        (TLanes.Broadcast(scales[1]) * result1).Store(t[1]);
        (TLanes.Broadcast(scales[2]) * result2).Store(t[2]);
        (TLanes.Broadcast(scales[3]) * result3).Store(t[3]);

        static TLanes Sum(float* row) =>
            TLanes.Load(row) + TLanes.Load(row + chainFloats) + (TLanes.Load(row + (2 * chainFloats)) + TLanes.Load(row + (3 * chainFloats)));
    }

    /// <summary><c>y += B t</c> of some panels and one row; four panels at a time, whose sums wait for each other's turn instead of their own.</summary>
    /// <param name="weights">The first panel.</param>
    /// <param name="panelBytes">From one panel to the next.</param>
    /// <param name="panels">Panels.</param>
    /// <param name="ahead">What is read next.</param>
    /// <param name="t">The row.</param>
    /// <param name="rank">Columns.</param>
    /// <param name="y">The first panel's outputs of the row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Up(byte* weights, long panelBytes, int panels, byte* ahead, float* t, int rank, float* y)
    {
        for (; panels >= 4; panels -= 4, weights += 4 * panelBytes, ahead += 4 * panelBytes, y += 4 * PanelRows)
        {
            Prefetch(ahead, 4 * panelBytes);
            byte* w0 = weights, w1 = weights + panelBytes, w2 = weights + (2 * panelBytes), w3 = weights + (3 * panelBytes);
            TLanes y0 = default, y1 = default, y2 = default, y3 = default;
            for (var j = 0; j < rank;)
            {
                TLanes s0 = default, s1 = default, s2 = default, s3 = default;
                var offset = TFormat.HeaderBytes;
                var end = j + Math.Min(TFormat.BlockColumns, rank - j);
                for (; j < end; j++, offset += ColumnBytes)
                {
                    var x = TLanes.Broadcast(t[j]);
                    s0 = TLanes.FusedMultiplyAdd(TFormat.Load<TLanes>(w0 + offset), x, s0);
                    s1 = TLanes.FusedMultiplyAdd(TFormat.Load<TLanes>(w1 + offset), x, s1);
                    s2 = TLanes.FusedMultiplyAdd(TFormat.Load<TLanes>(w2 + offset), x, s2);
                    s3 = TLanes.FusedMultiplyAdd(TFormat.Load<TLanes>(w3 + offset), x, s3);
                }

                y0 = TFormat.Join(s0, TFormat.Scales<TLanes>(w0), y0);
                y1 = TFormat.Join(s1, TFormat.Scales<TLanes>(w1), y1);
                y2 = TFormat.Join(s2, TFormat.Scales<TLanes>(w2), y2);
                y3 = TFormat.Join(s3, TFormat.Scales<TLanes>(w3), y3);
                w0 += offset;
                w1 += offset;
                w2 += offset;
                w3 += offset;
            }

            (TLanes.Load(y) + y0).Store(y);
            (TLanes.Load(y + PanelRows) + y1).Store(y + PanelRows);
            (TLanes.Load(y + (2 * PanelRows)) + y2).Store(y + (2 * PanelRows));
            (TLanes.Load(y + (3 * PanelRows)) + y3).Store(y + (3 * PanelRows));
        }

        for (; panels > 0; panels--, weights += panelBytes, y += PanelRows)
        {
            var w = weights;
            TLanes result = default;
            for (var j = 0; j < rank;)
            {
                TLanes sum = default;
                var block = TFormat.Scales<TLanes>(w);
                w += TFormat.HeaderBytes;
                var end = j + Math.Min(TFormat.BlockColumns, rank - j);
                for (; j < end; j++, w += ColumnBytes)
                    sum = Fold(w, t[j], sum);
                result = TFormat.Join(sum, block, result);
            }

            (TLanes.Load(y) + result).Store(y);
        }
    }

    /// <summary>The same for four rows.</summary>
    /// <param name="weights">A panel.</param>
    /// <param name="t">Four rows, by address.</param>
    /// <param name="rank">Columns.</param>
    /// <param name="y">Each row's outputs.</param>
    /// <param name="offset">The panel's first output.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void UpFour(byte* weights, float** t, int rank, float** y, int offset)
    {
        float* t0 = t[0], t1 = t[1], t2 = t[2], t3 = t[3];
        TLanes y0 = default, y1 = default, y2 = default, y3 = default;
        for (var j = 0; j < rank;)
        {
            TLanes s0 = default, s1 = default, s2 = default, s3 = default;
            var block = TFormat.Scales<TLanes>(weights);
            weights += TFormat.HeaderBytes;
            var end = j + Math.Min(TFormat.BlockColumns, rank - j);
            for (; j < end; j++, weights += ColumnBytes)
            {
                var w = TFormat.Load<TLanes>(weights);
                s0 = TLanes.FusedMultiplyAdd(w, TLanes.Broadcast(t0[j]), s0);
                s1 = TLanes.FusedMultiplyAdd(w, TLanes.Broadcast(t1[j]), s1);
                s2 = TLanes.FusedMultiplyAdd(w, TLanes.Broadcast(t2[j]), s2);
                s3 = TLanes.FusedMultiplyAdd(w, TLanes.Broadcast(t3[j]), s3);
            }

            y0 = TFormat.Join(s0, block, y0);
            y1 = TFormat.Join(s1, block, y1);
            y2 = TFormat.Join(s2, block, y2);
            y3 = TFormat.Join(s3, block, y3);
        }

        (TLanes.Load(y[0] + offset) + y0).Store(y[0] + offset);
        (TLanes.Load(y[1] + offset) + y1).Store(y[1] + offset);
        (TLanes.Load(y[2] + offset) + y2).Store(y[2] + offset);
        (TLanes.Load(y[3] + offset) + y3).Store(y[3] + offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* ahead, long bytes)
    {
        if (!Sse.IsSupported)
            return;
        for (var offset = 0; offset < bytes; offset += LineBytes)
            Sse.Prefetch0(ahead + offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Fold(byte* weights, float x, TLanes sum) => TLanes.FusedMultiplyAdd(TFormat.Load<TLanes>(weights), TLanes.Broadcast(x), sum);
}
