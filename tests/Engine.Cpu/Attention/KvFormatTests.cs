using Penstock.Engine.Cpu.Attention;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Tests.Support;
using Penstock.Engine.Running;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Tests.Attention;

public sealed unsafe class KvFormatTests
{
    private const int Tokens = KvLayout.BlockTokens;

    [Fact]
    public void Half_OfEveryHalf_ComesBackAsItIs()
    {
        var stored = Enumerable.Range(0, 1 << 16).Select(bits => (float)BitConverter.UInt16BitsToHalf((ushort)bits)).ToArray();
        AssertHalves(stored);
    }

    [Fact]
    public void Half_OfRandomFloats_RoundsToNearestEven()
    {
        var random = new Random(5);
        var stored = Enumerable.Range(0, 100_000).Select(_ => BitConverter.Int32BitsToSingle((int)random.NextInt64(1L << 32))).ToArray();
        AssertHalves(stored);
        AssertHalves([0f, -0f, 65_504f, 65_519.99f, 65_520f, -1e30f, float.NaN, float.PositiveInfinity, 5.9604645e-8f, 2.9802322e-8f, 2.9802326e-8f, 6.1035156e-5f, 1.00048828f]);
    }

    [Theory]
    [InlineData(70_000f)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.NaN)]
    public void FiniteHalves_OnceAValueIsNoFiniteHalf_IsFalse(float value)
    {
        using var memory = new NativeBuffer(KvLayout.BlockTokens * 64 * sizeof(ushort));
        var row = stackalloc float[64];
        new Span<float>(row, 64).Fill(65_504f);
        foreach (var store in (Action<KvHalf, nint>[])[(format, key) => format.StoreKey((float*)key, memory.Pointer, 3), (format, item) => format.StoreValue((float*)item, memory.Pointer, 3)])
        {
            var format = new KvHalf(50, 64);
            new Span<byte>(memory.Pointer, (int)memory.Bytes).Clear();
            row[49] = 1;
            store(format, (nint)row);
            format.Restored(new ReadOnlySpan<byte>(memory.Pointer, (int)memory.Bytes));
            Assert.True(format.FiniteHalves);
            row[49] = value;
            store(format, (nint)row);
            Assert.False(format.FiniteHalves);

            var other = new KvHalf(50, 64);
            other.Restored(new ReadOnlySpan<byte>(memory.Pointer, (int)memory.Bytes));
            Assert.False(other.FiniteHalves);
        }
    }

    [Theory]
    [InlineData(32)]
    [InlineData(96)]
    public void Q8_OfRandomHeads_IsGgmlsOwn(int width)
    {
        var random = new Random(width);
        var format = new KvBytes(width);
        using var memory = new NativeBuffer(format.KeyBytes + format.ValueBytes);
        var tokens = Enumerable.Range(0, Tokens).Select(slot => Enumerable.Range(0, width).Select(_ => (float)(random.NextDouble() - 0.5) * MathF.Pow(10, slot - 8)).ToArray()).ToArray();
        for (var slot = 0; slot < Tokens; slot++)
            Store(format, memory.Pointer, tokens[slot], slot);

        foreach (var wide in (bool[])[true, false])
        {
            var (keys, values) = Read(format, memory.Pointer, width, wide);
            for (var slot = 0; slot < Tokens; slot++)
            {
                var packed = new byte[TensorType.Q8_0.ByteLength(width)];
                var expected = new float[width];
                TensorCodec.Quantize(TensorType.Q8_0, tokens[slot], packed);
                TensorCodec.Dequantize(TensorType.Q8_0, packed, expected);
                for (var i = 0; i < width; i++)
                {
                    Assert.Equal(expected[i], values[(slot * width) + i]);
                    Assert.Equal(expected[i], keys[(i * Tokens) + slot]);
                }
            }
        }
    }

    [Fact]
    public void Q8_OfNaNAndInfinity_IsNoNumber()
    {
        var format = new KvBytes(32);
        using var memory = new NativeBuffer(format.KeyBytes + format.ValueBytes);
        foreach (var bad in (float[])[float.NaN, float.PositiveInfinity])
        {
            var head = Enumerable.Repeat(1f, 32).ToArray();
            head[9] = bad;
            Store(format, memory.Pointer, head, 3);
            Assert.False(float.IsFinite(Read(format, memory.Pointer, 32, wide: true).Values[(3 * 32) + 9]));
        }
    }

    [Theory]
    [InlineData(KvType.F32)]
    [InlineData(KvType.F16)]
    [InlineData(KvType.Q8_0)]
    public void Clear_FromASlot_LeavesThoseBefore(KvType type)
    {
        var layout = new KvLayout(1, 1, 64, type);
        var format = layout.Format;
        using var memory = new NativeBuffer(layout.BlockBytes);
        for (var slot = 0; slot < Tokens; slot++)
            Store(format, memory.Pointer, [.. Enumerable.Repeat(slot + 1f, 64)], slot);

        format.ClearKeys(new Span<byte>(memory.Pointer, format.KeyBytes), 5);
        format.ClearValues(new Span<byte>(memory.Pointer + format.KeyBytes, format.ValueBytes), 5);
        var (keys, values) = Read(format, memory.Pointer, 64, wide: false);
        for (var slot = 0; slot < Tokens; slot++)
        {
            var expected = slot < 5 ? slot + 1f : 0f;
            Assert.Equal(expected, keys[(40 * Tokens) + slot], 0.001f);
            Assert.Equal(expected, values[(slot * 64) + 40], 0.001f);
        }
    }

    [Fact]
    public void Restore_OfAnotherKvType_IsNotCompatible()
    {
        using var model = new TinyModel();
        using var single = model.Load(kvType: KvType.F32);
        using var half = model.Load(kvType: KvType.F16);
        single.Prefill(0, RunnerSteps.Tokens(20, seed: 1), 20);
        var saved = new System.Buffers.ArrayBufferWriter<byte>();
        single.Kv.Save(0, saved);
        Assert.Equal(KvRestoreOutcome.NotCompatible, half.Kv.Restore(0, saved.WrittenSpan));
    }

    private static void AssertHalves(float[] stored)
    {
        const int Width = 37;
        var format = new KvHalf(Width, 64);
        using var memory = new NativeBuffer(format.KeyBytes + format.ValueBytes);
        for (var from = 0; from < stored.Length; from += Width)
        {
            var head = new float[Width];
            stored.AsSpan(from, Math.Min(Width, stored.Length - from)).CopyTo(head);
            var slot = from % Tokens;
            Store(format, memory.Pointer, head, slot);
            foreach (var wide in (bool[])[true, false])
            {
                var (keys, values) = Read(format, memory.Pointer, 64, wide);
                for (var i = 0; i < Width; i++)
                {
                    var expected = (float)(Half)head[i];
                    Assert.Equal(expected, values[(slot * 64) + i]);
                    Assert.Equal(expected, keys[(i * Tokens) + slot]);
                }
            }
        }
    }

    private static void Store(IKvFormat format, byte* memory, float[] head, int slot)
    {
        fixed (float* values = head)
        {
            format.StoreKey(values, memory, slot);
            format.StoreValue(values, memory + format.KeyBytes, slot);
        }
    }

    private static (float[] Keys, float[] Values) Read(IKvFormat format, byte* memory, int padded, bool wide)
    {
        var (keys, values) = (new float[padded * Tokens], new float[padded * Tokens]);
        fixed (float* first = keys, second = values)
        {
            new ReadOnlySpan<float>(format.Keys(memory, first, wide), keys.Length).CopyTo(keys);
            new ReadOnlySpan<float>(format.Values(memory + format.KeyBytes, second, wide), values.Length).CopyTo(values);
        }

        return (keys, values);
    }
}
