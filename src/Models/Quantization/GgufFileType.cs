using Penstock.Models.Gguf;

namespace Penstock.Models.Quantization;

/// <summary><c>general.file_type</c>: llama.cpp's number for what most of a file's tensors are.</summary>
internal static class GgufFileType
{
    /// <summary>ggml's <c>GGML_QNT_VERSION</c>.</summary>
    public const uint QuantizationVersion = 2;

    public static uint For(TensorType type) => type switch
    {
        TensorType.F32 => 0,
        TensorType.F16 => 1,
        TensorType.Q4_0 => 2,
        TensorType.Q8_0 => 7,
        TensorType.BF16 => 32,
        _ => throw new NotSupportedException($"There is no file type for {type.Name()}."),
    };
}
