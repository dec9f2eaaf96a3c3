using System.Runtime.CompilerServices;
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
    public static (TLanes Scale, TLanes Minimum) Units<TLanes>(byte* unit)
        where TLanes : struct, IPanelLanes<TLanes> => (TLanes.LoadHalves((ushort*)unit), default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Scales<TLanes>(TLanes units, byte* integers, int half)
        where TLanes : struct, IPanelLanes<TLanes> => units * TLanes.LoadSigned((sbyte*)integers + (half * 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Minima<TLanes>(TLanes units, byte* integers, int half)
        where TLanes : struct, IPanelLanes<TLanes> => units;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
