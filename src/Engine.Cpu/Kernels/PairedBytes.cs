using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Rows 0-7 (<see cref="A"/>) and 8-15 (<see cref="B"/>) in a vector of 256 bits each.</summary>
internal readonly unsafe struct PairedBytes(Vector256<byte> a, Vector256<byte> b) : IPanelBytes<PairedBytes>
{
    public readonly Vector256<byte> A = a;
    public readonly Vector256<byte> B = b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedBytes operator |(PairedBytes left, PairedBytes right) => new(left.A | right.A, left.B | right.B);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedBytes Load(byte* source) => new(Vector256.Load(source), Vector256.Load(source + 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedBytes LoadBits(byte* source, int bits, int from, int to) =>
        new(Bits(Vector256.Load(source).AsUInt16(), bits, from, to), Bits(Vector256.Load(source + 32).AsUInt16(), bits, from, to));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedBytes LoadBits(byte* source, int shift, int bits, int from, int to) =>
        new(Bits(Vector256.Load(source).AsUInt16() >> shift, bits, from, to), Bits(Vector256.Load(source + 32).AsUInt16() >> shift, bits, from, to));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Bits(Vector256<ushort> words, int bits, int from, int to)
    {
        var moved = from > to ? words >> (from - to) : from < to ? words << (to - from) : words;
        return moved.AsByte() & Vector256.Create((byte)(((1 << bits) - 1) << to));
    }
}
