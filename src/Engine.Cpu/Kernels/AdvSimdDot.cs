using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary><c>sdot</c> (Armv8.2 dot product): signed weights, signed activations, a vector of 128 bits at a time.</summary>
internal readonly struct AdvSimdDot : IByteDot
{
    public static int WeightOffset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Accumulate(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> activations) => Vector256.Create(
        Dp.DotProduct(sum.GetLower(), weights.AsSByte().GetLower(), activations.GetLower()),
        Dp.DotProduct(sum.GetUpper(), weights.AsSByte().GetUpper(), activations.GetUpper()));

    // Levels of up to 63 are the same signed and unsigned.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AccumulateLevels(Vector256<int> sum, Vector256<byte> levels, Vector256<sbyte> activations) => Accumulate(sum, levels, activations);
}
