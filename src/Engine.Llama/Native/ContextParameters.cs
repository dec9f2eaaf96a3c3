using System.Runtime.InteropServices;

namespace Penstock.Engine.Llama.Native;

/// <summary><c>llama_context_params</c>: the fields that we set, at their places.</summary>
[StructLayout(LayoutKind.Explicit, Size = 160)]
internal unsafe struct ContextParameters
{
    /// <summary>KV cells.</summary>
    [FieldOffset(0)]
    public uint Cells;

    /// <summary>Most rows of a call.</summary>
    [FieldOffset(4)]
    public uint Rows;

    /// <summary>Most rows of one pass through the layers.</summary>
    [FieldOffset(8)]
    public uint RowsAtOnce;

    [FieldOffset(12)]
    public uint Sequences;

    /// <summary>Most outputs of a call; the library ends the process beyond that.</summary>
    [FieldOffset(20)]
    public uint Outputs;

    [FieldOffset(24)]
    public uint OutputsPerSequence;

    [FieldOffset(28)]
    public int Threads;

    [FieldOffset(32)]
    public int BatchThreads;

    /// <summary>-1 = the model's, 0 = none: a hidden state for each row.</summary>
    [FieldOffset(44)]
    public int Pooling;

    /// <summary>-1 = as the library sees fit, 0 = off, 1 = on.</summary>
    [FieldOffset(52)]
    public int FlashAttention;

    /// <summary>A <c>ggml_type</c>.</summary>
    [FieldOffset(104)]
    public int KeyType;

    /// <inheritdoc cref="KeyType"/>
    [FieldOffset(108)]
    public int ValueType;

    [FieldOffset(112)]
    public delegate* unmanaged[Cdecl]<void*, byte> Abort;

    [FieldOffset(120)]
    public void* AbortState;

    /// <summary>Keep all positions of layers with a sliding window, without which a sequence cannot be cut.</summary>
    [FieldOffset(132)]
    public byte FullSlidingWindow;

    /// <summary>One pool of cells for all sequences, in which sequences share cells.</summary>
    [FieldOffset(133)]
    public byte Unified;
}
