using System.Runtime.InteropServices;

namespace Penstock.Tools.Oracle.Interop;

/// <summary><c>llama_model_params</c> of llama.cpp 0.5.0: only the fields that we set, at their places.</summary>
[StructLayout(LayoutKind.Explicit, Size = 80)]
internal struct ModelParameters
{
    [FieldOffset(16)]
    public int GpuLayers;

    [FieldOffset(20)]
    public int SplitMode;

    [FieldOffset(72)]
    public byte VocabularyOnly;

    [FieldOffset(74)]
    public byte UseExtraBuffers;

    /// <summary>Whether the library's defaults stand where this layout expects them; another build would crash or compute nonsense.</summary>
    public readonly bool LooksRight => GpuLayers == -1 && SplitMode == 1 && VocabularyOnly == 0 && UseExtraBuffers == 1;
}
