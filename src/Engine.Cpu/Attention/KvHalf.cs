using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>Half precision, rounded to nearest even; beyond 65,504 infinite, as in llama.cpp.</summary>
internal sealed unsafe class KvHalf(int headWidth, int paddedWidth) : IKvFormat
{
    private const int Tokens = KvLayout.BlockTokens;
    private const ushort Exponent = 0x7C00;

    private volatile bool special;

    public int KeyBytes => paddedWidth * Tokens * sizeof(ushort);

    public int ValueBytes => KeyBytes;

    /// <inheritdoc/>
    /// <remarks>Once infinities or NaN have come, which is where a model breaks down, it stays false.</remarks>
    public bool FiniteHalves => !special;

    public void Restored(ReadOnlySpan<byte> block)
    {
        if (!FiniteBits.All(MemoryMarshal.Cast<byte, ushort>(block), Exponent))
            special = true;
    }

    public void StoreKey(float* key, byte* keys, int slot)
    {
        var target = (ushort*)keys + slot;
        var halves = stackalloc ushort[8];
        for (var i = 0; i < headWidth; i += 8)
        {
            Narrow(key + i, Math.Min(8, headWidth - i)).Store(halves);
            for (var j = 0; j < 8; j++)
                target[(i + j) * Tokens] = halves[j];
        }
    }

    public void StoreValue(float* value, byte* values, int slot)
    {
        var target = (ushort*)values + (slot * paddedWidth);
        for (var i = 0; i < headWidth; i += 8)
            Narrow(value + i, Math.Min(8, headWidth - i)).Store(target + i);
    }

    public float* Keys(byte* keys, float* scratch, bool wide) => Widen((ushort*)keys, scratch, wide);

    public float* Values(byte* values, float* scratch, bool wide) => Widen((ushort*)values, scratch, wide);

    public void ClearKeys(Span<byte> keys, int slot) => KvSlots.ClearColumns(keys, sizeof(ushort), slot);

    public void ClearValues(Span<byte> values, int slot) => values[(slot * paddedWidth * sizeof(ushort))..].Clear();

    private float* Widen(ushort* source, float* target, bool wide)
    {
        if (wide)
            Widen<Lanes512, Vector512<float>>(source, target);
        else
            Widen<Lanes256, Vector256<float>>(source, target);
        return target;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Widen<TLanes, TVector>(ushort* source, float* target)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (var i = 0; i < paddedWidth * Tokens; i += TLanes.Count)
            TLanes.Store(TLanes.LoadHalves(source + i), target + i);
    }

    private Vector128<ushort> Narrow(float* source, int count)
    {
        if (count == 8)
            return Noted(Narrow(Vector256.Load(source)));

        var part = stackalloc float[8];
        new Span<float>(part, 8).Clear();
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(part, 8));
        return Noted(Narrow(Vector256.Load(part)));
    }

    private Vector128<ushort> Noted(Vector128<ushort> halves)
    {
        var exponent = Vector128.Create(Exponent);
        if (Vector128.EqualsAny(halves & exponent, exponent))
            special = true;
        return halves;
    }

    /// <summary>
    /// Rounds in single precision: adding a power of two whose last bit is where a half's last bit is leaves the half's bits at the
    /// end. Below 2^-14 that power is fixed, which gives subnormals; above, half a last bit less one or no ulp is added to the bits.
    /// </summary>
    private static Vector128<ushort> Narrow(Vector256<float> value)
    {
        var bits = value.AsInt32();
        var magnitude = bits & Vector256.Create(0x7FFFFFFF);
        var subnormal = (magnitude.AsSingle() + Vector256.Create(0.5f)).AsInt32() - Vector256.Create(0x3F000000);
        var odd = (magnitude >> 13) & Vector256<int>.One;
        var normal = (magnitude + odd + Vector256.Create(((15 - 127) << 23) + 0xFFF)) >> 13;
        var result = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(113 << 23)), subnormal, normal);
        result = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(143 << 23)), Vector256.Create(0x7C00), result);
        result = Vector256.ConditionalSelect(Vector256.GreaterThan(magnitude, Vector256.Create(0x7F800000)), Vector256.Create(0x7E00), result);
        result |= (bits >> 16) & Vector256.Create(0x8000);
        var words = result.AsUInt32();
        return Vector128.Narrow(words.GetLower(), words.GetUpper());
    }
}
