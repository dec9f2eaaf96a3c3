using Penstock.Models.Gguf;
using Penstock.Tools.Oracle.Interop;

namespace Penstock.Tools.Oracle.Quantization;

/// <summary>ggml's reference code for one type.</summary>
internal static unsafe class GgmlCodec
{
    // ggml_type_traits: name, three sizes, is_quantized, then to_float.
    private const int ToFloatAt = 40;

    public static float[] Dequantize(TensorType type, ReadOnlySpan<byte> blocks)
    {
        var values = new float[blocks.Length / type.BlockBytes() * type.BlockElements()];
        var toFloat = *(delegate* unmanaged<byte*, float*, long, void>*)((byte*)NativeQuantizer.TypeTraits((int)type) + ToFloatAt);
        fixed (byte* source = blocks)
        fixed (float* target = values)
            toFloat(source, target, values.Length);
        return values;
    }

    public static byte[] Quantize(TensorType type, ReadOnlySpan<float> values, int columns)
    {
        var blocks = new byte[type.ByteLength(values.Length)];
        fixed (float* source = values)
        fixed (byte* target = blocks)
            NativeQuantizer.QuantizeChunk((int)type, source, target, 0, values.Length / columns, columns, null);
        return blocks;
    }
}
