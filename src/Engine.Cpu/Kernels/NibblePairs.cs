using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>An integer scale (lower nibble) and minimum (upper) for 16 columns (Q2_K): units as in <see cref="GroupPairs"/>, then 16 bytes for each half of a block.</summary>
internal readonly unsafe struct NibblePairs : IScaleFormat
{
    private const int MinimaAt = 32;

    public static int Blocks => 8;

    public static int UnitBytes => IntegersAt + (Blocks * IScaleFormat.BlockIntegers);

    public static int IntegersAt => 64;

    public static bool Split => true;

    public static bool HasMinima => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Units(byte* unit, out Vector256<float> scaleA, out Vector256<float> scaleB, out Vector256<float> minimumA, out Vector256<float> minimumB)
    {
        (scaleA, scaleB) = HalfFloats.Load((ushort*)unit);
        (minimumA, minimumB) = HalfFloats.Load((ushort*)(unit + MinimaAt));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* integers, int half, ref Vector256<float> unitA, ref Vector256<float> unitB) =>
        GroupBytes.Multiply(Vector128.Load(integers + (half * 16)) & Vector128.Create((byte)0x0F), ref unitA, ref unitB);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Minima(byte* integers, int half, ref Vector256<float> unitA, ref Vector256<float> unitB) =>
        GroupBytes.Multiply((Vector128.Load(integers + (half * 16)).AsUInt16() >> 4).AsByte() & Vector128.Create((byte)0x0F), ref unitA, ref unitB);

    public static void Write(byte* unit, int row, in BlockParts parts)
    {
        (((Half*)unit)[row], ((Half*)(unit + MinimaAt))[row]) = (parts.Scale, -parts.Minimum);
        for (var group = 0; group < BlockParts.MostGroups; group++)
            *Integer(unit, row, group) = (byte)(parts.Scales[group] + (parts.Minima[group] << 4));
    }

    public static (float Scale, float Minimum) Read(byte* unit, int row, int block, int half)
    {
        var integer = *Integer(unit, row, (2 * block) + half);
        return ((float)((Half*)unit)[row] * (integer & 15), (float)((Half*)(unit + MinimaAt))[row] * (integer >> 4));
    }

    private static byte* Integer(byte* unit, int row, int group) => unit + IntegersAt + (group * 16) + row;
}
