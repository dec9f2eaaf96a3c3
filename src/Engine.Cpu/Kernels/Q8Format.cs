using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>8-bit weights, signed or offset by 128 as <typeparamref name="TDot"/> wants them: 128 bytes a step.</summary>
internal readonly unsafe struct Q8Format<TDot> : IQuantFormat
    where TDot : struct, IByteDot
{
    public static int StepBytes => 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Correction(in Q8Block block) => TDot.WeightOffset == 0 ? 0 : block.Correction128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* step, out Vector256<byte> lowA, out Vector256<byte> lowB, out Vector256<byte> highA, out Vector256<byte> highB)
    {
        lowA = Vector256.Load(step);
        lowB = Vector256.Load(step + 32);
        highA = Vector256.Load(step + 64);
        highB = Vector256.Load(step + 96);
    }
}
