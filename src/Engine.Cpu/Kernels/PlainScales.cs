using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>One half-precision scale for 32 columns (Q5_0).</summary>
internal readonly unsafe struct PlainScales : IScaleFormat
{
    public static int Blocks => 1;

    public static int UnitBytes => 32;

    public static int IntegersAt => UnitBytes;

    public static bool Split => false;

    public static bool HasMinima => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Units(byte* unit, out Vector256<float> scaleA, out Vector256<float> scaleB, out Vector256<float> minimumA, out Vector256<float> minimumB)
    {
        (scaleA, scaleB) = HalfFloats.Load((ushort*)unit);
        minimumA = minimumB = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* integers, int half, ref Vector256<float> unitA, ref Vector256<float> unitB)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Minima(byte* integers, int half, ref Vector256<float> unitA, ref Vector256<float> unitB)
    {
    }

    public static void Write(byte* unit, int row, in BlockParts parts) => ((Half*)unit)[row] = parts.Scale;

    public static (float Scale, float Minimum) Read(byte* unit, int row, int block, int half) => ((float)((Half*)unit)[row], 0);
}
