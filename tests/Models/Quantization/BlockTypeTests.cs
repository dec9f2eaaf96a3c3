using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;
using Penstock.Models.Random;

namespace Penstock.Models.Tests.Quantization;

/// <summary>Every quantized type: reading beside ggml, and the errors of rounding on ordinary, extreme and arbitrary values.</summary>
public sealed class BlockTypeTests
{
    public static TheoryData<TensorType> Types => GgmlBlocks.TypeNames;

    [Theory]
    [MemberData(nameof(Types))]
    public void Dequantize_RandomBlocks_EqualsGgmlBitForBit(TensorType type)
    {
        var record = GgmlBlocks.Recorded.Types[type.Name()];
        var bytes = Convert.FromBase64String(record.Blocks);
        var values = new float[record.Values.Length * type.BlockElements()];

        TensorCodec.Dequantize(type, bytes, values);

        Assert.Equal(record.Values, values.Chunk(type.BlockElements()).Select(Hash));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Quantize_NormalNoise_ErrorIsAtMostGgmls(TensorType type)
    {
        var values = RecordedTensor();

        Assert.InRange(RelativeError(values, RoundTrip(type, values)), 0, GgmlBlocks.Recorded.Types[type.Name()].Error * 1.0001);
    }

    // The K types differ: our search finds less error.
    [Theory]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_0)]
    [InlineData(TensorType.Q4_1)]
    [InlineData(TensorType.Q5_0)]
    [InlineData(TensorType.Q5_1)]
    public void Quantize_TypesWithoutASearch_StoresGgmlsBytes(TensorType type)
    {
        var values = RecordedTensor();
        var bytes = new byte[type.ByteLength(values.Length)];

        TensorCodec.Quantize(type, values, bytes);

        Assert.Equal(GgmlBlocks.Recorded.Types[type.Name()].Stored, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Quantize_WhatWasRead_IsNearlyTheSameAgain(TensorType type)
    {
        var once = RoundTrip(type, Noise(3, 2048));

        Assert.InRange(RelativeError(once, RoundTrip(type, once)), 0, type is TensorType.Q2_K ? 0.1 : 0.03);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Quantize_Zeros_StayZeros(TensorType type) => Assert.All(RoundTrip(type, new float[512]), value => Assert.Equal(0, value));

    [Theory]
    [MemberData(nameof(Types))]
    public void Quantize_OneOutlier_KeepsIt(TensorType type)
    {
        foreach (var outlier in new[] { 1000f, -1000f })
        {
            var values = Noise(4, 256);
            values[77] = outlier;
            Assert.InRange(RoundTrip(type, values)[77] / outlier, 0.93, 1.07);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Quantize_Constants_AreKept(TensorType type)
    {
        foreach (var constant in new[] { 1f, -1f, 3e-3f, -60_000f, 65_504f })
        {
            var values = new float[256];
            Array.Fill(values, constant);
            Assert.All(RoundTrip(type, values), value => Assert.InRange(value / constant, 0.95, 1.05));
        }
    }

    // Any mix of magnitudes up to the largest half: finite, and never further off than the block's largest value allows.
    [Theory]
    [MemberData(nameof(Types))]
    public void Quantize_AnyFiniteValues_StayWithinTheBlocksBound(TensorType type)
    {
        var value = Gen.OneOf(
            Gen.Constant(0f),
            Gen.Choose(-1000, 1000).Select(number => number / 1000f),
            Gen.Choose(-65_504, 65_504).Select(number => (float)number),
            Gen.Choose(-149, 15).Select(exponent => MathF.ScaleB(1, exponent)),
            Gen.Choose(-149, 15).Select(exponent => -MathF.ScaleB(1, exponent)));
        Prop.ForAll(Arb.From(Gen.ArrayOf(value, 256)), values =>
        {
            var back = RoundTrip(type, values);
            return values.Chunk(type.BlockElements()).Zip(back.Chunk(type.BlockElements())).All(block => WithinBound(type, block.First, block.Second));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Quantize_WithWeights_FavoursTheWeighty(TensorType type)
    {
        Assert.SkipWhen(type == TensorType.Q8_0, "Weights change nothing at this precision.");
        var values = Noise(5, 4096);
        var weights = Enumerable.Range(0, values.Length).Select(i => i % 4 == 0 ? 50f : 0.02f).ToArray();
        var bytes = new byte[type.ByteLength(values.Length)];
        var back = new float[values.Length];
        TensorCodec.Quantize(type, values, bytes, weights);
        TensorCodec.Dequantize(type, bytes, back);

        Assert.True(WeightedError(values, back, weights) < 0.95 * WeightedError(values, RoundTrip(type, values), weights));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Quantize_EqualWeights_AreNoWorseThanNone(TensorType type)
    {
        var values = Noise(6, 4096);
        var weights = Enumerable.Repeat(1f, values.Length).ToArray();
        var bytes = new byte[type.ByteLength(values.Length)];
        var back = new float[values.Length];
        TensorCodec.Quantize(type, values, bytes, weights);
        TensorCodec.Dequantize(type, bytes, back);

        Assert.InRange(RelativeError(values, back), 0, RelativeError(values, RoundTrip(type, values)) * 1.0001);
    }

    private static float[] RecordedTensor()
    {
        using var folder = new TemporaryFolder();
        RandomModel.Write(folder.File("noise.gguf"), GgmlBlocks.Recorded.Model);
        using var file = GgufFile.Open(folder.File("noise.gguf"));
        var tensor = file.Find(GgmlBlocks.Recorded.Tensor)!;
        var values = new float[tensor.ElementCount];
        file.Read(tensor, 0, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private static bool WithinBound(TensorType type, float[] values, float[] back)
    {
        var largest = values.Max(Math.Abs);
        // Half the distance of two levels and the rounding of group scales; the search trades single values for the block, so with room.
        var share = type switch
        {
            TensorType.Q8_0 => 0.006,
            TensorType.Q6_K => 0.05,
            TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q5_K => 0.1,
            TensorType.Q4_0 or TensorType.Q4_1 or TensorType.Q4_K => 0.2,
            TensorType.Q3_K => 0.4,
            _ => 0.7,
        };
        // The smallest half times the largest levels: what a block of tiny values may be off.
        return values.Zip(back).All(pair => float.IsFinite(pair.Second) && Math.Abs(pair.First - pair.Second) <= (share * largest) + 1e-4);
    }

    private static float[] RoundTrip(TensorType type, float[] values)
    {
        var bytes = new byte[type.ByteLength(values.Length)];
        var back = new float[values.Length];
        TensorCodec.Quantize(type, values, bytes);
        TensorCodec.Dequantize(type, bytes, back);
        return back;
    }

    private static float[] Noise(int seed, int count)
    {
        var random = new System.Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5))];
    }

    private static double RelativeError(float[] values, float[] back) => Math.Sqrt(WeightedError(values, back, null) / values.Sum(value => (double)value * value));

    private static double WeightedError(float[] values, float[] back, float[]? weights) =>
        Enumerable.Range(0, values.Length).Sum(i => (weights?[i] ?? 1.0) * Math.Pow(values[i] - back[i], 2));

    private static string Hash(float[] values) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan())).AsSpan(0, 8));
}
