using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// Floating-point weights times float inputs: 1, 2 or 4 neighbouring panels of 16 weight rows by 8, 4, 2 or 1 input rows. The fewer rows, the more panels:
/// several sums must run beside each other to hide the latency of additions.
/// The reduction law: each output is <c>fma(weight, input, sum)</c> over the columns in ascending order, in one lane.
/// </summary>
internal static unsafe class FloatTile<TFormat, TLanes>
    where TFormat : struct, IFloatFormat
    where TLanes : struct, IPanelLanes<TLanes>
{
    private const int PanelRows = 16;
    private const int PrefetchBytes = 8192;
    private const int LineBytes = 64;

    private interface IPanels<TSelf>
    {
        static abstract int Count { get; }

        static abstract TSelf Load(byte* weights);

        static abstract TSelf FusedMultiplyAdd(TSelf weights, TLanes input, TSelf sums);

        void Store(float* y);
    }

    private interface IRows<TSelf, TPanels>
    {
        static abstract int Count { get; }

        static abstract void Add(ref TSelf rows, TPanels weights, float* x, nint next);

        static abstract void Store(ref TSelf rows, float* y, int stride);
    }

    /// <summary>All input rows with neighbouring panels.</summary>
    /// <param name="weights">The first panel's weights.</param>
    /// <param name="columnBytes">Bytes from one column to the next.</param>
    /// <param name="panels">Panels that lie side by side: 1 to 4.</param>
    /// <param name="input">Input rows.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="y">Output of the first row and the panel's first weight row.</param>
    /// <param name="stride">Floats from one input row's outputs to the next.</param>
    public static void Multiply(byte* weights, int columnBytes, int panels, in ActivationRows input, int count, float* y, int stride)
    {
        var row = 0;
        for (; TLanes.MostRows >= 8 && row + 8 <= count; row += 8)
            Multiply<Pair<One>, RowPair<RowPair<RowPair<Row<Pair<One>>, Pair<One>>, Pair<One>>, Pair<One>>, RowPair<RowPair<RowPair<Row<One>, One>, One>, One>>(weights, columnBytes, panels, in input, row, y, stride);
        for (; row + 4 <= count; row += 4)
        {
            if (TLanes.MostRows >= 8)
                Multiply<Pair<Pair<One>>, RowPair<RowPair<Row<Pair<Pair<One>>>, Pair<Pair<One>>>, Pair<Pair<One>>>, RowPair<RowPair<Row<One>, One>, One>>(weights, columnBytes, panels, in input, row, y, stride);
            else
                Multiply<One, RowPair<RowPair<Row<One>, One>, One>, RowPair<RowPair<Row<One>, One>, One>>(weights, columnBytes, panels, in input, row, y, stride);
        }

        for (; row + 2 <= count; row += 2)
            Multiply<Pair<Pair<One>>, RowPair<Row<Pair<Pair<One>>>, Pair<Pair<One>>>, RowPair<Row<One>, One>>(weights, columnBytes, panels, in input, row, y, stride);
        for (; row < count; row++)
            Multiply<Pair<Pair<One>>, Row<Pair<Pair<One>>>, Row<One>>(weights, columnBytes, panels, in input, row, y, stride);
    }

    // Panels that are left over are taken one by one, with the same rows.
    private static void Multiply<TPanels, TRows, TRest>(byte* weights, int columnBytes, int panels, in ActivationRows input, int row, float* y, int stride)
        where TPanels : struct, IPanels<TPanels>
        where TRows : struct, IRows<TRows, TPanels>
        where TRest : struct, IRows<TRest, One>
    {
        for (; panels >= TPanels.Count; panels -= TPanels.Count, weights += TPanels.Count * PanelRows * TFormat.ElementBytes, y += TPanels.Count * PanelRows)
            Tile<TPanels, TRows>(weights, columnBytes, in input, row, y, stride);
        for (; panels > 0; panels--, weights += PanelRows * TFormat.ElementBytes, y += PanelRows)
            Tile<One, TRest>(weights, columnBytes, in input, row, y, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile<TPanels, TRows>(byte* weights, nint columnBytes, in ActivationRows input, int row, float* y, int stride)
        where TPanels : struct, IPanels<TPanels>
        where TRows : struct, IRows<TRows, TPanels>
    {
        var x = input.Values(row);
        nint next = input.Stride;
        TRows rows = default;
        for (var left = input.Columns; left > 0; left--, x++, weights += columnBytes)
        {
            Prefetch(weights);
            TRows.Add(ref rows, TPanels.Load(weights), x, next);
        }

        TRows.Store(ref rows, y + ((long)row * stride), stride);
    }

    // The hardware prefetcher stops at page borders. Four panels lie side by side, and what this tile leaves the next one takes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* weights)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(weights + PrefetchBytes);
        Sse.Prefetch0(weights + PrefetchBytes + LineBytes);
        if (TFormat.ElementBytes == sizeof(float))
        {
            Sse.Prefetch0(weights + PrefetchBytes + (2 * LineBytes));
            Sse.Prefetch0(weights + PrefetchBytes + (3 * LineBytes));
        }
    }

    /// <summary>A column of one panel, or the sums of a row with it.</summary>
    private readonly struct One(TLanes lanes) : IPanels<One>
    {
        private readonly TLanes lanes = lanes;

        public static int Count => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static One Load(byte* weights) => new(TFormat.Load<TLanes>(weights));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static One FusedMultiplyAdd(One weights, TLanes input, One sums) => new(TLanes.FusedMultiplyAdd(weights.lanes, input, sums.lanes));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(float* y) => lanes.Store(y);
    }

    /// <summary>Twice as many panels.</summary>
    private readonly struct Pair<TPanels>(TPanels low, TPanels high) : IPanels<Pair<TPanels>>
        where TPanels : struct, IPanels<TPanels>
    {
        private readonly TPanels low = low;
        private readonly TPanels high = high;

        public static int Count => 2 * TPanels.Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Pair<TPanels> Load(byte* weights) => new(TPanels.Load(weights), TPanels.Load(weights + (TPanels.Count * PanelRows * TFormat.ElementBytes)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Pair<TPanels> FusedMultiplyAdd(Pair<TPanels> weights, TLanes input, Pair<TPanels> sums) =>
            new(TPanels.FusedMultiplyAdd(weights.low, input, sums.low), TPanels.FusedMultiplyAdd(weights.high, input, sums.high));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(float* y)
        {
            low.Store(y);
            high.Store(y + (TPanels.Count * PanelRows));
        }
    }

    /// <summary>The sums of one input row.</summary>
    private struct Row<TPanels> : IRows<Row<TPanels>, TPanels>
        where TPanels : struct, IPanels<TPanels>
    {
        private TPanels sums;

        public static int Count => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add(ref Row<TPanels> rows, TPanels weights, float* x, nint next) => rows.sums = TPanels.FusedMultiplyAdd(weights, TLanes.Broadcast(*x), rows.sums);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(ref Row<TPanels> rows, float* y, int stride) => rows.sums.Store(y);
    }

    /// <summary>Twice as many input rows.</summary>
    private struct RowPair<TRows, TPanels> : IRows<RowPair<TRows, TPanels>, TPanels>
        where TRows : struct, IRows<TRows, TPanels>
    {
        private TRows low;
        private TRows high;

        public static int Count => 2 * TRows.Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add(ref RowPair<TRows, TPanels> rows, TPanels weights, float* x, nint next)
        {
            TRows.Add(ref rows.low, weights, x, next);
            TRows.Add(ref rows.high, weights, x + (TRows.Count * next), next);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(ref RowPair<TRows, TPanels> rows, float* y, int stride)
        {
            TRows.Store(ref rows.low, y, stride);
            TRows.Store(ref rows.high, y + ((long)TRows.Count * stride), stride);
        }
    }
}
