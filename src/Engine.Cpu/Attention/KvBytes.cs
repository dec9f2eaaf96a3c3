using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>
/// Q8_0: 32 dimensions of a head share a half-precision scale, a 127th of the largest. Bytes lie as floats would; behind them the
/// scales, of keys as <c>[block][token]</c>, of values as <c>[token][block]</c>.
/// </summary>
internal sealed unsafe class KvBytes(int headWidth) : IKvFormat
{
    /// <summary>Dimensions with one scale.</summary>
    public const int Block = 32;

    private const int Tokens = KvLayout.BlockTokens;

    private readonly int blocks = headWidth / Block;

    public int KeyBytes => KvSlots.Lines(Quants + ScaleBytes);

    public int ValueBytes => KeyBytes;

    private int Quants => headWidth * Tokens;

    private int ScaleBytes => blocks * Tokens * sizeof(ushort);

    public bool FiniteHalves => false;

    public void Restored(ReadOnlySpan<byte> block)
    {
    }

    public void StoreKey(float* key, byte* keys, int slot)
    {
        var quants = stackalloc sbyte[Block];
        for (var block = 0; block < blocks; block++)
        {
            ((ushort*)(keys + Quants))[(block * Tokens) + slot] = Quantize(key + (block * Block), quants);
            var target = (sbyte*)keys + (block * Block * Tokens) + slot;
            for (var i = 0; i < Block; i++)
                target[i * Tokens] = quants[i];
        }
    }

    public void StoreValue(float* value, byte* values, int slot)
    {
        for (var block = 0; block < blocks; block++)
            ((ushort*)(values + Quants))[(slot * blocks) + block] = Quantize(value + (block * Block), (sbyte*)values + (slot * headWidth) + (block * Block));
    }

    public float* Keys(byte* keys, float* scratch, bool wide)
    {
        if (wide)
            WidenKeys<Lanes512, Vector512<float>>(keys, scratch);
        else
            WidenKeys<Lanes256, Vector256<float>>(keys, scratch);
        return scratch;
    }

    public float* Values(byte* values, float* scratch, bool wide)
    {
        if (wide)
            WidenValues<Lanes512, Vector512<float>>(values, scratch);
        else
            WidenValues<Lanes256, Vector256<float>>(values, scratch);
        return scratch;
    }

    public void ClearKeys(Span<byte> keys, int slot)
    {
        KvSlots.ClearColumns(keys[..Quants], sizeof(sbyte), slot);
        KvSlots.ClearColumns(keys.Slice(Quants, ScaleBytes), sizeof(ushort), slot);
    }

    public void ClearValues(Span<byte> values, int slot)
    {
        values[(slot * headWidth)..Quants].Clear();
        values.Slice(Quants, ScaleBytes)[(slot * blocks * sizeof(ushort))..].Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void WidenKeys<TLanes, TVector>(byte* keys, float* target)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var scales = (ushort*)(keys + Quants);
        for (var block = 0; block < blocks; block++)
        {
            for (var token = 0; token < Tokens; token += TLanes.Count)
            {
                var factors = TLanes.LoadHalves(scales + (block * Tokens) + token);
                var at = (block * Block * Tokens) + token;
                for (var i = 0; i < Block; i++, at += Tokens)
                    TLanes.Store(TLanes.Multiply(TLanes.LoadBytes((sbyte*)keys + at), factors), target + at);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void WidenValues<TLanes, TVector>(byte* values, float* target)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var factors = stackalloc float[Tokens];
        for (var block = 0; block < blocks; block++)
        {
            var scales = (ushort*)(values + Quants) + (block * Tokens);
            for (var i = 0; i < Tokens; i += TLanes.Count)
                TLanes.Store(TLanes.LoadHalves(scales + i), factors + i);
            for (var i = 0; i < Tokens * Block; i += TLanes.Count)
            {
                var at = (block * Tokens * Block) + i;
                TLanes.Store(TLanes.Multiply(TLanes.LoadBytes((sbyte*)values + at), TLanes.Create(factors[i / Block])), target + at);
            }
        }
    }

    // As llama.cpp: divided by the scale before that is rounded to half precision. NaN and infinities travel in the scale.
    private static ushort Quantize(float* values, sbyte* quants)
    {
        var (v0, v1, v2, v3) = (Vector256.Load(values), Vector256.Load(values + 8), Vector256.Load(values + 16), Vector256.Load(values + 24));
        var largest = VectorMath.Max(Vector256.Max(Vector256.Abs(v0), Vector256.Abs(v1)), Vector256.Max(Vector256.Abs(v2), Vector256.Abs(v3)));
        var inverse = Vector256.Create(largest > 1e-35f && float.IsFinite(largest) ? 127f / largest : 0f);
        Vector256.Narrow(Vector256.Narrow(Round(v0, inverse), Round(v1, inverse)), Vector256.Narrow(Round(v2, inverse), Round(v3, inverse))).Store(quants);
        return BitConverter.HalfToUInt16Bits((Half)(largest / 127f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Round(Vector256<float> values, Vector256<float> inverse) => Vector256.ConvertToInt32(Vector256.Round(values * inverse));
}
