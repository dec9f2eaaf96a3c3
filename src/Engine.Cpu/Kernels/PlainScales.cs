using System.Runtime.CompilerServices;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>One half-precision scale for 32 columns (Q8_0, Q4_0, Q5_0).</summary>
internal readonly unsafe struct PlainScales : IScaleFormat
{
    public static int Blocks => 1;

    public static int UnitBytes => 32;

    public static int IntegersAt => UnitBytes;

    public static bool Split => false;

    public static bool HasMinima => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes Scale, TLanes Minimum) Units<TLanes>(byte* unit)
        where TLanes : struct, IPanelLanes<TLanes> => (TLanes.LoadHalves((ushort*)unit), default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Scales<TLanes>(TLanes units, byte* integers, int half)
        where TLanes : struct, IPanelLanes<TLanes> => units;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Minima<TLanes>(TLanes units, byte* integers, int half)
        where TLanes : struct, IPanelLanes<TLanes> => units;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(byte* unit, int row, in BlockParts parts) => ((Half*)unit)[row] = parts.Scale;

    public static (float Scale, float Minimum) Read(byte* unit, int row, int block, int half) => ((float)((Half*)unit)[row], 0);
}
