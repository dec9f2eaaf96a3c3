using System.Buffers.Binary;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Tests.Kernels;

/// <summary>What every kernel must compute to the last bit, as scalar code over the file's blocks.</summary>
internal static class ReductionLaw
{
    public static float OfFloats(TensorType type, byte[] weights, ReadOnlySpan<float> input)
    {
        var values = new float[input.Length];
        TensorCodec.Dequantize(type, weights, values);
        var sum = 0f;
        for (var k = 0; k < values.Length; k++)
            sum = MathF.FusedMultiplyAdd(values[k], input[k], sum);
        return sum;
    }

    public static unsafe float OfBlocks(TensorType type, byte[] weights, ReadOnlySpan<Q8Block> inputs)
    {
        var (groupSize, offset, hasMinima) = Groups(type);
        var parts = default(BlockParts);
        var sum = 0f;
        for (var start = 0; start < inputs.Length * Q8Block.Size; start += type.BlockElements())
        {
            Unpack(type, weights.AsSpan(start / type.BlockElements() * type.BlockBytes(), type.BlockBytes()), ref parts, out var signed);
            for (var group = 0; group < type.BlockElements() / groupSize; group++)
            {
                var (products, inputSum) = (0, 0);
                for (var i = group * groupSize; i < (group + 1) * groupSize; i++)
                {
                    var x = inputs[(start + i) / Q8Block.Size].Quants[(start + i) % Q8Block.Size];
                    products += ((signed ? (sbyte)parts.Levels[i] : parts.Levels[i]) - offset) * x;
                    inputSum += x;
                }

                var inputScale = inputs[(start + (group * groupSize)) / Q8Block.Size].Scale;
                sum = MathF.FusedMultiplyAdd(products, (float)parts.Scale * parts.Scales[group] * inputScale, sum);
                if (hasMinima)
                    sum = MathF.FusedMultiplyAdd(-(float)parts.Minimum * parts.Minima[group], inputScale * inputSum, sum);
            }
        }

        return sum;
    }

    private static (int GroupSize, int Offset, bool HasMinima) Groups(TensorType type) => type switch
    {
        TensorType.Q4_0 => (32, 8, false),
        TensorType.Q5_0 => (32, 16, false),
        TensorType.Q4_1 or TensorType.Q5_1 or TensorType.Q4_K or TensorType.Q5_K => (32, 0, true),
        TensorType.Q2_K => (16, 0, true),
        TensorType.Q3_K => (16, 4, false),
        TensorType.Q6_K => (16, 32, false),
        _ => (32, 0, false),
    };

    private static void Unpack(TensorType type, ReadOnlySpan<byte> block, ref BlockParts parts, out bool signed)
    {
        signed = type == TensorType.Q8_0;
        if (!signed)
        {
            TensorCodec.Unpack(type, block, ref parts);
            return;
        }

        parts.Scale = BinaryPrimitives.ReadHalfLittleEndian(block);
        parts.Scales[0] = 1;
        block[2..].CopyTo(parts.Levels);
    }
}
