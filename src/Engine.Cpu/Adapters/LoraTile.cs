using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>
/// The two products of an adapter, over panels of 16 outputs like those of <see cref="FloatTile{TFormat, TLanes}"/>: each output has a lane of its own.
/// The reduction law: the way down is four running sums, one for the columns of each remainder by 4, ascending, joined as
/// <c>(0 + 1) + (2 + 3)</c>: one panel has too few lanes to hide the latency of a single sum. The way up is one sum over the rank, ascending,
/// and is then added to what is there. Neither depends on other rows.
/// </summary>
internal static unsafe class LoraTile<TFormat, TLanes>
    where TFormat : struct, IFloatFormat
    where TLanes : struct, IPanelLanes<TLanes>
{
    private const int PanelRows = 16;
    private const int Chains = 4;
    private const int LineBytes = 64;

    // What is read next lies behind it: the hardware prefetcher stops at page borders, of which an adapter has one every few hundred columns.
    private const int PrefetchBytes = 4096;

    private static int ColumnBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => PanelRows * TFormat.ElementBytes;
    }

    /// <summary><c>t = scale·(A x)</c> of one panel and one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Down(byte* weights, float* x, int columns, float scale, float* t)
    {
        TLanes sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        var k = 0;
        for (; k + Chains <= columns; k += Chains)
        {
            Prefetch(weights, Chains * ColumnBytes);
            sum0 = Fold(weights, x[k], sum0);
            sum1 = Fold(weights + ColumnBytes, x[k + 1], sum1);
            sum2 = Fold(weights + (2 * ColumnBytes), x[k + 2], sum2);
            sum3 = Fold(weights + (3 * ColumnBytes), x[k + 3], sum3);
            weights += Chains * ColumnBytes;
        }

        if (k < columns)
            sum0 = Fold(weights, x[k], sum0);
        if (k + 1 < columns)
            sum1 = Fold(weights + ColumnBytes, x[k + 1], sum1);
        if (k + 2 < columns)
            sum2 = Fold(weights + (2 * ColumnBytes), x[k + 2], sum2);
        (TLanes.Broadcast(scale) * (sum0 + sum1 + (sum2 + sum3))).Store(t);
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
        for (var chain = 0; chain < Chains; chain++)
        {
            TLanes y0 = default, y1 = default, y2 = default, y3 = default;
            var column = weights + (chain * ColumnBytes);
            for (var k = chain; k < columns; k += Chains, column += Chains * ColumnBytes)
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

        for (var row = 0; row < 4; row++)
        {
            var sum = sums + (row * PanelRows);
            var joined = TLanes.Load(sum) + TLanes.Load(sum + chainFloats) + (TLanes.Load(sum + (2 * chainFloats)) + TLanes.Load(sum + (3 * chainFloats)));
            (TLanes.Broadcast(scales[row]) * joined).Store(t[row]);
        }
    }

    /// <summary><c>y += B t</c> of one panel and one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Up(byte* weights, float* t, int rank, float* y)
    {
        TLanes sum = default;
        Prefetch(weights, rank * ColumnBytes);
        for (var j = 0; j < rank; j++, weights += ColumnBytes)
            sum = Fold(weights, t[j], sum);
        (TLanes.Load(y) + sum).Store(y);
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
        for (var j = 0; j < rank; j++, weights += ColumnBytes)
        {
            var w = TFormat.Load<TLanes>(weights);
            y0 = TLanes.FusedMultiplyAdd(w, TLanes.Broadcast(t0[j]), y0);
            y1 = TLanes.FusedMultiplyAdd(w, TLanes.Broadcast(t1[j]), y1);
            y2 = TLanes.FusedMultiplyAdd(w, TLanes.Broadcast(t2[j]), y2);
            y3 = TLanes.FusedMultiplyAdd(w, TLanes.Broadcast(t3[j]), y3);
        }

        (TLanes.Load(y[0] + offset) + y0).Store(y[0] + offset);
        (TLanes.Load(y[1] + offset) + y1).Store(y[1] + offset);
        (TLanes.Load(y[2] + offset) + y2).Store(y[2] + offset);
        (TLanes.Load(y[3] + offset) + y3).Store(y[3] + offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* weights, int bytes)
    {
        if (!Sse.IsSupported)
            return;
        for (var offset = 0; offset < bytes; offset += LineBytes)
            Sse.Prefetch0(weights + PrefetchBytes + offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Fold(byte* weights, float x, TLanes sum) => TLanes.FusedMultiplyAdd(TFormat.Load<TLanes>(weights), TLanes.Broadcast(x), sum);
}
