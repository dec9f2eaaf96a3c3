using System.Runtime.CompilerServices;
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
    public static (TLanes Scale, TLanes Minimum) Units<TLanes>(byte* unit)
        where TLanes : struct, IPanelLanes<TLanes> => (TLanes.LoadHalves((ushort*)unit), TLanes.LoadHalves((ushort*)(unit + MinimaAt)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Scales<TLanes>(TLanes units, byte* integers, int half)
        where TLanes : struct, IPanelLanes<TLanes> => units * TLanes.LoadBits(integers, 0, 0xFF);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Minima<TLanes>(TLanes units, byte* integers, int half)
        where TLanes : struct, IPanelLanes<TLanes> => units * TLanes.LoadBits(integers + 16, 0, 0xFF);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
