using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization.Codecs;

namespace Penstock.Models.Quantization;

/// <summary>Stored values to floats and back. Reading is bit for bit as ggml's reference code. Stateless and thread-safe.</summary>
/// <remarks>These are the plain forms for tools, tests and loading; an engine has its own kernels over the stored form.</remarks>
public static class TensorCodec
{
    /// <summary>The types that <see cref="Dequantize"/> and <see cref="Quantize"/> know, from the most precise down.</summary>
    public static IReadOnlyList<TensorType> Types { get; } =
    [
        TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0, TensorType.Q6_K, TensorType.Q5_K, TensorType.Q5_1, TensorType.Q5_0,
        TensorType.Q4_K, TensorType.Q4_1, TensorType.Q4_0, TensorType.Q3_K, TensorType.Q2_K,
    ];

    /// <summary>Whether the type is one of <see cref="Types"/>.</summary>
    public static bool Supports(TensorType type) => Types.Contains(type);

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
            case TensorType.Q8_0: Blocks.Read<Q8Codec>(source, destination); break;
            case TensorType.Q4_0: Blocks.Read<LegacyCodec<Q40>>(source, destination); break;
            case TensorType.Q4_1: Blocks.Read<LegacyCodec<Q41>>(source, destination); break;
            case TensorType.Q5_0: Blocks.Read<LegacyCodec<Q50>>(source, destination); break;
            case TensorType.Q5_1: Blocks.Read<LegacyCodec<Q51>>(source, destination); break;
            case TensorType.Q2_K: Blocks.Read<SuperblockCodec<Q2K>>(source, destination); break;
            case TensorType.Q3_K: Blocks.Read<SuperblockCodec<Q3K>>(source, destination); break;
            case TensorType.Q4_K: Blocks.Read<SuperblockCodec<Q4K>>(source, destination); break;
            case TensorType.Q5_K: Blocks.Read<SuperblockCodec<Q5K>>(source, destination); break;
            case TensorType.Q6_K: Blocks.Read<SuperblockCodec<Q6K>>(source, destination); break;
            default: throw Unsupported(type);
        }
    }

    /// <summary>Writes whole blocks, with the least squared error that the search finds.</summary>
    /// <param name="type">A supported type.</param>
    /// <param name="source">The values; a whole number of blocks. NaN and infinities make undefined quants, and a scale over a half's range is stored as infinity.</param>
    /// <param name="destination">Exactly the bytes of <paramref name="source"/>'s values; filled.</param>
    /// <param name="weights">How much an error in each value counts, relative to the others; positive and finite. Empty: all the same, which makes F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0 and Q5_1 equal to ggml's bit for bit.</param>
    public static void Quantize(TensorType type, ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> weights = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, type.ByteLength(source.Length), nameof(destination));
        if (!weights.IsEmpty)
            ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, source.Length, nameof(weights));
        switch (type)
        {
            case TensorType.F32: MemoryMarshal.AsBytes(source).CopyTo(destination); break;
            case TensorType.F16: FloatCodec.WriteF16(source, MemoryMarshal.Cast<byte, Half>(destination)); break;
            case TensorType.BF16: FloatCodec.WriteBF16(source, MemoryMarshal.Cast<byte, ushort>(destination)); break;
            case TensorType.Q8_0: Blocks.Write<Q8Codec>(source, weights, destination); break;
            case TensorType.Q4_0: Blocks.Write<LegacyCodec<Q40>>(source, weights, destination); break;
            case TensorType.Q4_1: Blocks.Write<LegacyCodec<Q41>>(source, weights, destination); break;
            case TensorType.Q5_0: Blocks.Write<LegacyCodec<Q50>>(source, weights, destination); break;
            case TensorType.Q5_1: Blocks.Write<LegacyCodec<Q51>>(source, weights, destination); break;
            case TensorType.Q2_K: Blocks.Write<SuperblockCodec<Q2K>>(source, weights, destination); break;
            case TensorType.Q3_K: Blocks.Write<SuperblockCodec<Q3K>>(source, weights, destination); break;
            case TensorType.Q4_K: Blocks.Write<SuperblockCodec<Q4K>>(source, weights, destination); break;
            case TensorType.Q5_K: Blocks.Write<SuperblockCodec<Q5K>>(source, weights, destination); break;
            case TensorType.Q6_K: Blocks.Write<SuperblockCodec<Q6K>>(source, weights, destination); break;
            default: throw Unsupported(type);
        }
    }

    /// <summary>Takes one block apart, for kernels that lay its numbers out in their own way.</summary>
    /// <param name="type">A quantized type of <see cref="Types"/> but Q8_0, whose blocks are plain as they are.</param>
    /// <param name="block">Its bytes.</param>
    /// <param name="parts">Overwritten as far as the type goes.</param>
    /// <remarks>Loading calls it millions of times within a second, before the runtime could find out that it is hot.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(TensorType type, ReadOnlySpan<byte> block, ref BlockParts parts)
    {
        switch (type)
        {
            case TensorType.Q4_0: LegacyCodec<Q40>.Unpack(block, ref parts); break;
            case TensorType.Q4_1: LegacyCodec<Q41>.Unpack(block, ref parts); break;
            case TensorType.Q5_0: LegacyCodec<Q50>.Unpack(block, ref parts); break;
            case TensorType.Q5_1: LegacyCodec<Q51>.Unpack(block, ref parts); break;
            case TensorType.Q2_K: Q2K.Unpack(block, ref parts); break;
            case TensorType.Q3_K: Q3K.Unpack(block, ref parts); break;
            case TensorType.Q4_K: Q4K.Unpack(block, ref parts); break;
            case TensorType.Q5_K: Q5K.Unpack(block, ref parts); break;
            case TensorType.Q6_K: Q6K.Unpack(block, ref parts); break;
            default: throw Unsupported(type);
        }
    }

    private static NotSupportedException Unsupported(TensorType type) => new($"There is no codec for {type.Name()}.");
}
