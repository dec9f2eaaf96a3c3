using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Runs wherever .NET runs: sign extension by shifts, 16-bit products. -128·±127 twice still fits 16 bits.</summary>
internal readonly struct PortableDot : IByteDot
{
    public static int WeightOffset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Accumulate(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> activations)
    {
        var (w, x) = (weights.AsInt16(), activations.AsInt16());
        var even = ((w << 8) >> 8) * ((x << 8) >> 8);
        var pairs = (even + ((w >> 8) * (x >> 8))).AsInt32();
        return sum + ((pairs << 16) >> 16) + (pairs >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AccumulateLevels(Vector256<int> sum, Vector256<byte> levels, Vector256<sbyte> activations) => Accumulate(sum, levels, activations);
}
