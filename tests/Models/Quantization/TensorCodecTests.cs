using System.Runtime.InteropServices;
using System.Text.Json;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;
using Penstock.Tests.Support;

namespace Penstock.Models.Tests.Quantization;

public sealed class TensorCodecTests
{
    private static readonly Dictionary<string, string> Reference =
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(TestData.InRepository("tests", "Models", "Quantization", "ggml-reference.json")))!;

    [Theory]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_0)]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.BF16)]
    public void Quantize_ReferenceBlocks_EqualsGgmlBitForBit(TensorType type)
    {
        var values = Floats("input");
        var bytes = new byte[type.ByteLength(values.Length)];

        TensorCodec.Quantize(type, values, bytes);

        Assert.Equal(Reference[type.Name()], Convert.ToHexStringLower(bytes));
    }

    [Theory]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_0)]
    public void Dequantize_ReferenceBlocks_EqualsGgmlBitForBit(TensorType type)
    {
        var expected = Floats($"{type.Name()} values");
        var values = new float[expected.Length];

        TensorCodec.Dequantize(type, Convert.FromHexString(Reference[type.Name()]), values);

        Assert.Equal(Bits(expected), Bits(values));
    }

    [Fact]
    public void Quantize_F16AndBF16_SpecialValues_Survive()
    {
        float[] values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, 65504, 1e-8f, 0, 1];
        foreach (var type in new[] { TensorType.F16, TensorType.BF16 })
        {
            var bytes = new byte[type.ByteLength(values.Length)];
            var back = new float[values.Length];
            TensorCodec.Quantize(type, values, bytes);
            TensorCodec.Dequantize(type, bytes, back);

            Assert.True(float.IsNaN(back[0]));
            Assert.Equal(float.PositiveInfinity, back[1]);
            Assert.Equal(float.NegativeInfinity, back[2]);
            Assert.True(float.IsNegative(back[3]));
            Assert.Equal(1, back[7]);
        }
    }

    [Fact]
    public void Dequantize_EveryHalf_IsExact()
    {
        var halves = Enumerable.Range(0, 65536).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).Where(half => !Half.IsNaN(half)).ToArray();
        var values = new float[halves.Length];
        var back = new byte[halves.Length * 2];

        TensorCodec.Dequantize(TensorType.F16, MemoryMarshal.AsBytes(halves.AsSpan()), values);
        TensorCodec.Quantize(TensorType.F16, values, back);

        Assert.Equal(MemoryMarshal.AsBytes(halves.AsSpan()).ToArray(), back);
    }

    [Fact]
    public void Quantize_WrongDestination_Refuses()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TensorCodec.Quantize(TensorType.Q8_0, new float[32], new byte[33]));
        Assert.Throws<ArgumentOutOfRangeException>(() => TensorCodec.Quantize(TensorType.Q8_0, new float[31], new byte[34]));
        Assert.Throws<NotSupportedException>(() => TensorCodec.Quantize(TensorType.IQ4_XS, new float[256], new byte[136]));
    }

    private static float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Convert.FromHexString(Reference[name])).ToArray();

    private static int[] Bits(float[] values) => MemoryMarshal.Cast<float, int>(values).ToArray();
}
