using System.Runtime.InteropServices;
using Penstock.Engine.Llama.Native;

namespace Penstock.Tools.Oracle.Interop;

/// <summary>llama.cpp's quantizer and ggml's block codecs, which only the oracle uses: Penstock has its own.</summary>
internal static unsafe partial class NativeQuantizer
{
    [LibraryImport(NativeMethods.Llama, EntryPoint = "llama_model_quantize_default_params")]
    public static partial QuantizeParameters DefaultQuantizeParameters();

    [LibraryImport(NativeMethods.Llama, EntryPoint = "llama_model_quantize", StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint Quantize(string source, string target, QuantizeParameters* parameters);

    /// <summary>Rows of floats to a quantized type; the answer is the bytes written.</summary>
    [LibraryImport(NativeMethods.GgmlBase, EntryPoint = "ggml_quantize_chunk")]
    public static partial nuint QuantizeChunk(int type, float* source, void* target, long start, long rows, long columns, float* importance);

    /// <summary>The address of a <c>ggml_type_traits</c>.</summary>
    [LibraryImport(NativeMethods.GgmlBase, EntryPoint = "ggml_get_type_traits")]
    public static partial nint TypeTraits(int type);
}
