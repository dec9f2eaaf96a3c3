using System.Runtime.InteropServices;

namespace Penstock.Engine.Llama.Native;

/// <summary><c>llama_model_params</c>: the fields that we set, at their places.</summary>
[StructLayout(LayoutKind.Explicit, Size = 80)]
internal unsafe struct ModelParameters
{
    /// <summary>Layers to keep on a GPU; negative = all of them.</summary>
    [FieldOffset(16)]
    public int GpuLayers;

    [FieldOffset(48)]
    public delegate* unmanaged[Cdecl]<float, void*, byte> Progress;

    [FieldOffset(56)]
    public void* ProgressState;

    [FieldOffset(72)]
    public byte VocabularyOnly;

    /// <summary>Refuse infinite and NaN weights.</summary>
    [FieldOffset(73)]
    public byte CheckTensors;

    /// <summary>Lay weights out anew for the processor where it has a layout of its own for their type.</summary>
    [FieldOffset(74)]
    public byte Repack;
}
