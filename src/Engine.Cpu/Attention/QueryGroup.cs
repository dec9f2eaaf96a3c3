using System.Runtime.InteropServices;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>Up to six queries that go through a register tile together, on their way through the spans: online softmax (Milakov and Gimelshein 2018).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct QueryGroup
{
    /// <summary>Most queries of a group.</summary>
    public const int Most = 6;

    /// <summary>Floats of <see cref="Largest"/> and <see cref="Corrections"/>: one a query, up to a whole vector.</summary>
    public const int PaddedQueries = 16;

    /// <summary>The rotated and scaled queries, interleaved by dimension.</summary>
    public float* Queries;

    /// <summary>Weighted sums of values so far, one query after the other, each of <see cref="KvLayout.PaddedWidth"/>.</summary>
    public float* Sums;

    /// <summary>For each query sixteen running sums of weights, one a slot of the blocks.</summary>
    public float* Weights;

    /// <summary>Largest score so far; finite from the start, so that a span outside the window changes nothing.</summary>
    public float* Largest;

    /// <summary>What the current span's larger maximum makes of everything before it.</summary>
    public float* Corrections;

    /// <summary>The first query, in the tile: rows in turn, and of each row its heads.</summary>
    public int First;

    /// <summary>Queries: 6, 2 or 1.</summary>
    public int Count;

    /// <summary>Position of the first query.</summary>
    public int FirstPosition;

    /// <summary>Position of the last query.</summary>
    public int LastPosition;

    /// <summary>Floats that a group of <paramref name="count"/> queries needs.</summary>
    public static int Floats(KvLayout layout, int count) =>
        (count * (layout.HeadWidth + layout.PaddedWidth + KvLayout.BlockTokens)) + (2 * PaddedQueries);
}
