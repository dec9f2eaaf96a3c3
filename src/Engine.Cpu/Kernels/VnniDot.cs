using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary><c>vpdpbusd</c> (AVX-VNNI): unsigned weights, signed activations, one instruction.</summary>
internal readonly struct VnniDot : IByteDot
{
    public static int WeightOffset => 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Accumulate(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> activations) =>
        AvxVnni.MultiplyWideningAndAdd(sum, weights, activations);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AccumulateLevels(Vector256<int> sum, Vector256<byte> levels, Vector256<sbyte> activations) => Accumulate(sum, levels, activations);
}
