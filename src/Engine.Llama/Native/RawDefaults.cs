using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Engine.Llama.Native;

/// <summary>A structure of unknown layout as the library fills it: far larger than any of them, so that one that grew does not write beyond it.</summary>
[StructLayout(LayoutKind.Sequential, Size = 4096)]
internal partial struct RawDefaults
{
    private readonly byte first;

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(in first, Unsafe.SizeOf<RawDefaults>());

    [LibraryImport(NativeMethods.Llama, EntryPoint = "llama_model_default_params")]
    public static partial RawDefaults OfModel();

    [LibraryImport(NativeMethods.Llama, EntryPoint = "llama_context_default_params")]
    public static partial RawDefaults OfContext();

    [LibraryImport(NativeMethods.GgmlBase, EntryPoint = "ggml_threadpool_params_default")]
    public static partial RawDefaults OfThreadPool(int threads);
}
