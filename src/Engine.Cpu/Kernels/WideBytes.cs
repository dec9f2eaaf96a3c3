using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>All 16 rows in one vector of 512 bits.</summary>
internal readonly unsafe struct WideBytes(Vector512<byte> all) : IPanelBytes<WideBytes>
{
    public readonly Vector512<byte> All = all;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideBytes operator |(WideBytes left, WideBytes right) => new(left.All | right.All);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideBytes Load(byte* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideBytes LoadBits(byte* source, int bits, int from, int to) => new(Bits(Vector512.Load(source).AsUInt16(), bits, from, to));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideBytes LoadBits(byte* source, int shift, int bits, int from, int to) => new(Bits(Vector512.Load(source).AsUInt16() >> shift, bits, from, to));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Bits(Vector512<ushort> words, int bits, int from, int to)
    {
        var moved = from > to ? words >> (from - to) : from < to ? words << (to - from) : words;
        return moved.AsByte() & Vector512.Create((byte)(((1 << bits) - 1) << to));
    }
}
