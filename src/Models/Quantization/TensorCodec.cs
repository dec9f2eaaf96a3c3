using System.Runtime.InteropServices;
using Penstock.Models.Gguf;

namespace Penstock.Models.Quantization;

/// <summary>Stored values to floats and back, bit for bit as ggml's reference code does. Stateless and thread-safe.</summary>
/// <remarks>These are the plain forms for tools, tests and loading; an engine has its own kernels over the stored form.</remarks>
public static class TensorCodec
{
    /// <summary>Whether <see cref="Dequantize"/> and <see cref="Quantize"/> know the type.</summary>
    public static bool Supports(TensorType type) =>
        type is TensorType.F32 or TensorType.F16 or TensorType.BF16 or TensorType.Q8_0 or TensorType.Q4_0;

    /// <summary>Reads whole blocks.</summary>
    /// <param name="type">A supported type.</param>
    /// <param name="source">Exactly the bytes of <paramref name="destination"/>'s values.</param>
    /// <param name="destination">Filled; its length is a whole number of blocks.</param>
    public static void Dequantize(TensorType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, type.ByteLength(destination.Length), nameof(source));
        switch (type)
        {
            case TensorType.F32: source.CopyTo(MemoryMarshal.AsBytes(destination)); break;
            case TensorType.F16: FloatCodec.ReadF16(MemoryMarshal.Cast<byte, Half>(source), destination); break;
            case TensorType.BF16: FloatCodec.ReadBF16(MemoryMarshal.Cast<byte, ushort>(source), destination); break;
            case TensorType.Q8_0: Q8Codec.Read(source, destination); break;
            case TensorType.Q4_0: Q4Codec.Read(source, destination); break;
            default: throw Unsupported(type);
        }
    }

    /// <summary>Writes whole blocks.</summary>
    /// <param name="type">A supported type.</param>
    /// <param name="source">The values; a whole number of blocks. NaN and infinities make undefined quants, as in ggml.</param>
    /// <param name="destination">Exactly the bytes of <paramref name="source"/>'s values; filled.</param>
    public static void Quantize(TensorType type, ReadOnlySpan<float> source, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, type.ByteLength(source.Length), nameof(destination));
        switch (type)
        {
            case TensorType.F32: MemoryMarshal.AsBytes(source).CopyTo(destination); break;
            case TensorType.F16: FloatCodec.WriteF16(source, MemoryMarshal.Cast<byte, Half>(destination)); break;
            case TensorType.BF16: FloatCodec.WriteBF16(source, MemoryMarshal.Cast<byte, ushort>(destination)); break;
            case TensorType.Q8_0: Q8Codec.Write(source, destination); break;
            case TensorType.Q4_0: Q4Codec.Write(source, destination); break;
            default: throw Unsupported(type);
        }
    }

    private static NotSupportedException Unsupported(TensorType type) => new($"There is no codec for {type.Name()}.");
}
