using System.Runtime.Intrinsics;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>What <c>sdot</c> does, in plain code: the Arm64 path's form on machines that are not Arm64.</summary>
internal readonly struct EmulatedDotProduct : IByteDot
{
    public static int WeightOffset => 0;

    public static Vector256<int> Accumulate(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> activations)
    {
        Span<int> lanes = stackalloc int[Vector256<int>.Count];
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            lanes[lane] = sum[lane];
            for (var i = 4 * lane; i < 4 * (lane + 1); i++)
                lanes[lane] += (sbyte)weights[i] * activations[i];
        }

        return Vector256.Create<int>(lanes);
    }

    public static Vector256<int> AccumulateLevels(Vector256<int> sum, Vector256<byte> levels, Vector256<sbyte> activations) => Accumulate(sum, levels, activations);
}
