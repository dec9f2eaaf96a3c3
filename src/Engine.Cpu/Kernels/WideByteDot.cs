using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// 8-bit weights on AVX-512: products in vectors of 256 bits, since .NET 10 has <c>vpdpbusd</c> no wider and two steps of <c>vpmaddubsw</c> are no
/// faster; only what follows them is 512 bits wide.
/// </summary>
internal readonly unsafe struct WideByteDot<TDot> : IPanelDot<PairedBytes, PairedSums, WideLanes>
    where TDot : struct, IByteDot
{
    public static int MostRows => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedSums Begin(int start)
    {
        var all = Vector256.Create(start);
        return new() { A = all, B = all };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref PairedSums sums, PairedBytes weights, sbyte* activations, bool second)
    {
        var x = Vector256.Create(*(int*)activations).AsSByte();
        sums.A = TDot.Accumulate(sums.A, weights.A, x);
        sums.B = TDot.Accumulate(sums.B, weights.B, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes End(in PairedSums sums) => new(Vector512.ConvertToSingle(Vector512.Create(sums.A, sums.B)));
}
