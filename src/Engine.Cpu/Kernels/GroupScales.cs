using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>A signed integer scale for 16 columns (Q3_K, Q6_K): a unit of 256 columns is 16 halves, then for each block 16 bytes for its lower and 16 for its upper half.</summary>
internal readonly unsafe struct GroupScales : IScaleFormat
{
    public static int Blocks => 8;

    public static int UnitBytes => IntegersAt + (Blocks * IScaleFormat.BlockIntegers);

    public static int IntegersAt => 32;

    public static bool Split => true;

    public static bool HasMinima => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Units(byte* unit, out Vector256<float> scaleA, out Vector256<float> scaleB, out Vector256<float> minimumA, out Vector256<float> minimumB)
    {
        (scaleA, scaleB) = HalfFloats.Load((ushort*)unit);
        minimumA = minimumB = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* integers, int half, ref Vector256<float> unitA, ref Vector256<float> unitB) =>
        GroupBytes.MultiplySigned((sbyte*)integers + (half * 16), ref unitA, ref unitB);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Minima(byte* integers, int half, ref Vector256<float> unitA, ref Vector256<float> unitB)
    {
    }

    public static void Write(byte* unit, int row, in BlockParts parts)
    {
        ((Half*)unit)[row] = parts.Scale;
        for (var group = 0; group < BlockParts.MostGroups; group++)
            *Integer(unit, row, group) = parts.Scales[group];
    }

    public static (float Scale, float Minimum) Read(byte* unit, int row, int block, int half) =>
        ((float)((Half*)unit)[row] * *Integer(unit, row, (2 * block) + half), 0);

    private static sbyte* Integer(byte* unit, int row, int group) => (sbyte*)(unit + IntegersAt + (group * 16) + row);
}
