using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// An integer scale and minimum for 32 columns (Q4_K, Q5_K): a unit of 256 columns is 16 halves for scales and 16 for minima, then for each block 16 bytes of scales
/// and 16 of minima. Six bits would do; bytes cost 4 in 144 and save unpacking.
/// </summary>
internal readonly unsafe struct GroupPairs : IScaleFormat
{
    private const int MinimaAt = 32;

    public static int Blocks => 8;

    public static int UnitBytes => IntegersAt + (Blocks * IScaleFormat.BlockIntegers);

    public static int IntegersAt => 64;

    public static bool Split => false;

    public static bool HasMinima => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Units(byte* unit, out Vector256<float> scaleA, out Vector256<float> scaleB, out Vector256<float> minimumA, out Vector256<float> minimumB)
    {
        (scaleA, scaleB) = HalfFloats.Load((ushort*)unit);
        (minimumA, minimumB) = HalfFloats.Load((ushort*)(unit + MinimaAt));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* integers, int half, ref Vector256<float> unitA, ref Vector256<float> unitB) =>
        GroupBytes.Multiply(Vector128.Load(integers), ref unitA, ref unitB);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Minima(byte* integers, int half, ref Vector256<float> unitA, ref Vector256<float> unitB) =>
        GroupBytes.Multiply(Vector128.Load(integers + 16), ref unitA, ref unitB);

    public static void Write(byte* unit, int row, in BlockParts parts)
    {
        (((Half*)unit)[row], ((Half*)(unit + MinimaAt))[row]) = (parts.Scale, -parts.Minimum);
        for (var block = 0; block < Blocks; block++)
        {
            var integers = unit + IntegersAt + (block * IScaleFormat.BlockIntegers) + row;
            (integers[0], integers[16]) = ((byte)parts.Scales[block], (byte)parts.Minima[block]);
        }
    }

    public static (float Scale, float Minimum) Read(byte* unit, int row, int block, int half)
    {
        var integers = unit + IntegersAt + (block * IScaleFormat.BlockIntegers) + row;
        return ((float)((Half*)unit)[row] * integers[0], (float)((Half*)(unit + MinimaAt))[row] * integers[16]);
    }
}
