using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// Quantized weights times quantized activations, a panel of 16 weight rows by 8, 4, 2 or 1 input rows.
/// The reduction law: over the groups in ascending order each output takes <c>fma(float(Σ levels·bytes), scale·inputScale, sum)</c> and then, where there are
/// minima, <c>fma(minimum, inputScale·Σ bytes, sum)</c>, in one lane. The tile only chooses how many such sums run beside each other.
/// </summary>
/// <typeparam name="TLevels">How levels lie.</typeparam>
/// <typeparam name="TScales">How scales lie.</typeparam>
/// <typeparam name="TDot">Instructions for the products.</typeparam>
/// <typeparam name="TBytes">Its vectors of weights.</typeparam>
/// <typeparam name="TSums">Its sums.</typeparam>
/// <typeparam name="TLanes">Its vectors of results.</typeparam>
internal static unsafe class LevelTile<TLevels, TScales, TDot, TBytes, TSums, TLanes>
    where TLevels : struct, ILevelFormat
    where TScales : struct, IScaleFormat
    where TDot : struct, IPanelDot<TBytes, TSums, TLanes>
    where TBytes : struct, IPanelBytes<TBytes>
    where TSums : struct
    where TLanes : struct, IPanelLanes<TLanes>
{
    private const int PrefetchBytes = 8192;
    private const int LineBytes = 64;
    private const int Steps = 4;
    private const int StepColumns = 8;

    /// <summary>Input rows whose sums, integers included, one tile may take: in registers wherever their type lets them.</summary>
    private static bool TakesEight => TDot.MostRows >= 8;

    // As far ahead in columns as the levels.
    private static int ScalePrefetchBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => PrefetchBytes / (TScales.Blocks * TLevels.BlockBytes) * TScales.UnitBytes;
    }

    /// <summary>Parts of a block with a scale of their own.</summary>
    private static int Parts
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TScales.Split ? 2 : 1;
    }

    private interface IRows<TSelf>
    {
        static abstract int Count { get; }

        static abstract void Begin(ref TSelf rows, Q8Block* x, nint next, int part);

        static abstract void Add(ref TSelf rows, TBytes first, TBytes second, sbyte* x, nint next);

        static abstract void End(ref TSelf rows, TLanes scale, TLanes minimum, Q8Block* x, nint next, int part);

        static abstract void Store(ref TSelf rows, float* y, int stride);
    }

    /// <summary>Asks for the beginning of panels: the kernel asks for what lies ahead of it only.</summary>
    public static void PrefetchStart(byte* levels, byte* scales)
    {
        if (!Sse.IsSupported)
            return;
        for (var i = 0; i < PrefetchBytes; i += LineBytes)
            Sse.Prefetch0(levels + i);
        for (var i = 0; i < ScalePrefetchBytes; i += LineBytes)
            Sse.Prefetch0(scales + i);
    }

    /// <summary>All input rows with one panel.</summary>
    /// <param name="levels">The panel's levels.</param>
    /// <param name="scales">The panel's scales.</param>
    /// <param name="input">Input rows.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="y">Output of the first row and the panel's first weight row.</param>
    /// <param name="stride">Floats from one input row's outputs to the next.</param>
    public static void Multiply(byte* levels, byte* scales, in ActivationRows input, int count, float* y, int stride)
    {
        var row = 0;
        for (; TakesEight && row + 8 <= count; row += 8)
            Multiply<Pair<Pair<Pair<Row>>>>(levels, scales, in input, row, y, stride);
        for (; row + 4 <= count; row += 4)
            Multiply<Pair<Pair<Row>>>(levels, scales, in input, row, y, stride);
        for (; row + 2 <= count; row += 2)
            Multiply<Pair<Row>>(levels, scales, in input, row, y, stride);
        for (; row < count; row++)
            Multiply<Row>(levels, scales, in input, row, y, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Multiply<TRows>(byte* levels, byte* scales, in ActivationRows input, int row, float* y, int stride)
        where TRows : struct, IRows<TRows>
    {
        var x = input.Blocks(row);
        nint next = input.BlockStride;
        TRows rows = default;
        for (var left = input.Columns / Q8Block.Size; left > 0; left -= TScales.Blocks)
        {
            PrefetchScales(scales);
            var (scaleUnits, minimumUnits) = TScales.Units<TLanes>(scales);
            var integers = scales + TScales.IntegersAt;
            scales += TScales.UnitBytes;
            for (var block = 0; block < TScales.Blocks; block++)
            {
                Prefetch(levels);
                for (var part = 0; part < Parts; part++)
                {
                    TRows.Begin(ref rows, x, next, part);
                    for (var step = part * (Steps / Parts); step < (part + 1) * (Steps / Parts); step++)
                        TRows.Add(ref rows, TLevels.Load<TBytes>(levels, step, false), TLevels.Load<TBytes>(levels, step, true), x->Quants + (step * StepColumns), next);
                    var scale = TScales.Scales(scaleUnits, integers, part);
                    var minimum = TScales.HasMinima ? TScales.Minima(minimumUnits, integers, part) : default;
                    TRows.End(ref rows, scale, minimum, x, next, part);
                }

                x++;
                levels += TLevels.BlockBytes;
                integers += IScaleFormat.BlockIntegers;
            }
        }

        TRows.Store(ref rows, y + ((long)row * stride), stride);
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
        if (TLevels.BlockBytes > 6 * LineBytes)
        {
            Sse.Prefetch0(levels + PrefetchBytes + (6 * LineBytes));
            Sse.Prefetch0(levels + PrefetchBytes + (7 * LineBytes));
        }
    }

    // They are a stream of their own, which crosses a page while that of the levels crosses eight or sixteen.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchScales(byte* scales)
    {
        if (!Sse.IsSupported)
            return;
        var ahead = scales + ScalePrefetchBytes;
        Sse.Prefetch0(ahead);
        if (TScales.UnitBytes > LineBytes)
            Sse.Prefetch0(ahead + LineBytes);
        if (TScales.UnitBytes > 2 * LineBytes)
            Sse.Prefetch0(ahead + (2 * LineBytes));
        if (TScales.UnitBytes > 3 * LineBytes)
            Sse.Prefetch0(ahead + (3 * LineBytes));
        if (TScales.UnitBytes > 4 * LineBytes)
            Sse.Prefetch0(ahead + (4 * LineBytes));
    }

    /// <summary>The sums of one input row.</summary>
    private struct Row : IRows<Row>
    {
        private TSums sums;
        private TLanes result;

        public static int Count => 1;

        // Levels without minima are centred: Σ(l - c)·x = Σl·x - c·Σx, in exact integers.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Begin(ref Row rows, Q8Block* x, nint next, int part) => rows.sums = TDot.Begin(TScales.HasMinima ? 0
            : TLevels.Centre * (TScales.Split ? x->NegatedHalfSums[part] : x->NegatedSum));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add(ref Row rows, TBytes first, TBytes second, sbyte* x, nint next)
        {
            TDot.Add(ref rows.sums, first, x, second: false);
            TDot.Add(ref rows.sums, second, x + (StepColumns / 2), second: true);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void End(ref Row rows, TLanes scale, TLanes minimum, Q8Block* x, nint next, int part)
        {
            rows.result = TLanes.FusedMultiplyAdd(TDot.End(in rows.sums), scale * TLanes.Broadcast(x->Scale), rows.result);
            if (TScales.HasMinima)
                rows.result = TLanes.FusedMultiplyAdd(minimum, TLanes.Broadcast(TScales.Split ? x->ScaledHalfSums[part] : x->ScaledSum), rows.result);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(ref Row rows, float* y, int stride) => rows.result.Store(y);
    }

    /// <summary>Twice as many rows: their sums stay in registers as those of one do.</summary>
    private struct Pair<TRows> : IRows<Pair<TRows>>
        where TRows : struct, IRows<TRows>
    {
        private TRows low;
        private TRows high;

        public static int Count => 2 * TRows.Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Begin(ref Pair<TRows> rows, Q8Block* x, nint next, int part)
        {
            TRows.Begin(ref rows.low, x, next, part);
            TRows.Begin(ref rows.high, x + (TRows.Count * next), next, part);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add(ref Pair<TRows> rows, TBytes first, TBytes second, sbyte* x, nint next)
        {
            TRows.Add(ref rows.low, first, second, x, next);
            TRows.Add(ref rows.high, first, second, x + (TRows.Count * next * sizeof(Q8Block)), next);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void End(ref Pair<TRows> rows, TLanes scale, TLanes minimum, Q8Block* x, nint next, int part)
        {
            TRows.End(ref rows.low, scale, minimum, x, next, part);
            TRows.End(ref rows.high, scale, minimum, x + (TRows.Count * next), next, part);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(ref Pair<TRows> rows, float* y, int stride)
        {
            TRows.Store(ref rows.low, y, stride);
            TRows.Store(ref rows.high, y + ((long)TRows.Count * stride), stride);
        }
    }
}
