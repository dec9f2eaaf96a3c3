using System.Runtime.CompilerServices;
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
    public static (TLanes Scale, TLanes Minimum) Units<TLanes>(byte* unit)
        where TLanes : struct, IPanelLanes<TLanes> => (TLanes.LoadHalves((ushort*)unit), TLanes.LoadHalves((ushort*)(unit + MinimaAt)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Scales<TLanes>(TLanes units, byte* integers, int half)
        where TLanes : struct, IPanelLanes<TLanes> => units * TLanes.LoadBits(integers + (half * 16), 0, 0x0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Minima<TLanes>(TLanes units, byte* integers, int half)
        where TLanes : struct, IPanelLanes<TLanes> => units * TLanes.LoadBits(integers + (half * 16), 4, 0x0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
