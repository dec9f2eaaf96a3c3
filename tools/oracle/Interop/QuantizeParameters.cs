using System.Runtime.InteropServices;

namespace Penstock.Tools.Oracle.Interop;

/// <summary><c>llama_model_quantize_params</c> of llama.cpp 0.5.0: only the fields that we set, at their places.</summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
internal struct QuantizeParameters
{
    [FieldOffset(0)]
    public int Threads;

    [FieldOffset(4)]
    public uint FileType;

    [FieldOffset(16)]
    public byte AllowRequantize;

    [FieldOffset(17)]
    public byte QuantizeOutput;

    [FieldOffset(19)]
    public byte Pure;

    /// <summary>Whether the library's defaults stand where this layout expects them.</summary>
    public readonly bool LooksRight => Threads == 0 && FileType == 7 && AllowRequantize == 0 && QuantizeOutput == 1 && Pure == 0;
}
