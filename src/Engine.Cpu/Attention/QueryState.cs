using System.Runtime.InteropServices;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>One query head of one row on its way through the blocks: online softmax (Milakov and Gimelshein 2018).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct QueryState
{
    /// <summary>The rotated query.</summary>
    public float* Query;

    /// <summary>Where the result goes, <see cref="KvLayout.HeadWidth"/> floats.</summary>
    public float* Output;

    /// <summary>Weighted sum of values so far, <see cref="KvLayout.PaddedWidth"/> floats.</summary>
    public float* Sum;

    /// <summary>Sixteen running sums of weights, one a slot of the blocks.</summary>
    public float* Weights;

    /// <summary>Weights of the current block's slots.</summary>
    public float* Current;

    /// <summary>The last position it may see: its own.</summary>
    public int Position;

    /// <summary>Largest score so far; finite from the start, so that a block outside the window changes nothing.</summary>
    public float Largest;

    /// <summary>What the current block's larger maximum makes of everything before it.</summary>
    public float Correction;
}
