using System.Runtime.InteropServices;

namespace Penstock.Tools.Oracle.Interop;

/// <summary><c>llama_context_params</c> of llama.cpp 0.5.0: only the fields that we set, at their places.</summary>
[StructLayout(LayoutKind.Explicit, Size = 160)]
internal struct ContextParameters
{
    [FieldOffset(0)]
    public uint Context;

    [FieldOffset(4)]
    public uint Batch;

    [FieldOffset(8)]
    public uint MicroBatch;

    [FieldOffset(12)]
    public uint Sequences;

    [FieldOffset(20)]
    public uint Outputs;

    [FieldOffset(24)]
    public uint OutputsPerSequence;

    [FieldOffset(28)]
    public int Threads;

    [FieldOffset(32)]
    public int BatchThreads;

    /// <summary>-1 = as the library sees fit, 0 = off, 1 = on.</summary>
    [FieldOffset(52)]
    public int FlashAttention;

    /// <summary>A <c>ggml_type</c>: 0 = F32, 1 = F16.</summary>
    [FieldOffset(104)]
    public int KeyType;

    /// <inheritdoc cref="KeyType"/>
    [FieldOffset(108)]
    public int ValueType;

    [FieldOffset(133)]
    public byte UnifiedKv;

    /// <inheritdoc cref="ModelParameters.LooksRight"/>
    public readonly bool LooksRight =>
        Context == 512 && Batch == 2048 && MicroBatch == 512 && Sequences == 1 && OutputsPerSequence == 1 && Threads == 4 && FlashAttention == -1 && KeyType == 1 && ValueType == 1;
}
