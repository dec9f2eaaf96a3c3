using System.Runtime.Intrinsics;
using Penstock.Engine.Cpu.Kernels;
using Penstock.Engine.Cpu.Running;

namespace Penstock.Engine.Cpu.Tests.Kernels;

public unsafe class VectorMathTests
{
    [Fact]
    public void Exp_OverItsRange_IsWithinTwoUlp()
    {
        for (var x = -87f; x < 88; x += 0.0137f)
        {
            var expected = Math.Exp(x);
            var actual = VectorMath.Exp(Vector256.Create(x))[3];
            Assert.InRange(actual, expected * (1 - 2.4e-7), expected * (1 + 2.4e-7));
        }
    }

    [Theory]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(-1000f, 0f)]
    [InlineData(0f, 1f)]
    [InlineData(float.NaN, float.NaN)]
    public void Exp_AtTheEdges_IsExact(float x, float expected) => Assert.Equal(expected, VectorMath.Exp(Vector256.Create(x))[0]);

    [Fact]
    public void Exp_OfLargeValues_IsLargeAndFinite() => Assert.InRange(VectorMath.Exp(Vector256.Create(float.PositiveInfinity))[0], 1e38f, float.MaxValue);

    [Fact]
    public void Tanh_OverItsRange_IsWithinTwoUlp()
    {
        for (var x = -12f; x < 12; x += 0.00037f)
            Assert.InRange(VectorMath.Tanh(Vector256.Create(x))[3] / Math.Tanh(x), 1 - 2.4e-7, 1 + 2.4e-7);
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1e-30f, 1e-30f)]
    [InlineData(float.NegativeInfinity, -1f)]
    [InlineData(float.PositiveInfinity, 1f)]
    [InlineData(float.NaN, float.NaN)]
    public void Tanh_AtTheEdges_IsExact(float x, float expected) => Assert.Equal(expected, VectorMath.Tanh(Vector256.Create(x))[0]);

    [Fact]
    public void HalfFloats_OfEveryFiniteHalf_AreExact()
    {
        var source = stackalloc ushort[16];
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var half = BitConverter.UInt16BitsToHalf((ushort)bits);
            if (!Half.IsFinite(half))
                continue;
            source[11] = (ushort)bits;
            Assert.Equal(BitConverter.SingleToInt32Bits((float)half), BitConverter.SingleToInt32Bits(HalfFloats.Load(source).High[3]));
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.MaxValue)]
    [InlineData(1e-45f)]
    public void Quantize_OfExtremeValues_KeepsBytesInRange(float value)
    {
        using var buffer = new ActivationBuffer(1, 32);
        var row = new Span<float>(buffer.Rows.Values(0), 32);
        row.Fill(-value);
        row[7] = value;
        row[9] = 1;
        buffer.Quantize(0);
        foreach (var quant in new ReadOnlySpan<sbyte>(buffer.Rows.Blocks(0)->Quants, 32))
            Assert.InRange(quant, -127, 127);
    }

    [Fact]
    public void Quantize_OfRandomValues_IsWithinHalfAQuantum()
    {
        using var buffer = new ActivationBuffer(1, 64);
        var random = new Random(1);
        for (var i = 0; i < 64; i++)
            buffer.Rows.Values(0)[i] = (float)(random.NextDouble() - 0.5);
        buffer.Quantize(0);
        for (var i = 0; i < 64; i++)
        {
            var quantum = buffer.Rows.Blocks(0)[i / 32].Scale;
            Assert.InRange(buffer.Rows.Values(0)[i] - (quantum * buffer.Rows.Blocks(0)[i / 32].Quants[i % 32]), -0.5001f * quantum, 0.5001f * quantum);
        }
    }
}
