using System.Runtime.CompilerServices;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>One half-precision scale and minimum for 32 columns (Q4_1, Q5_1).</summary>
internal readonly unsafe struct PlainPairs : IScaleFormat
{
    private const int MinimaAt = 32;

    public static int Blocks => 1;

    public static int UnitBytes => 64;

    public static int IntegersAt => UnitBytes;

    public static bool Split => false;

    public static bool HasMinima => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes Scale, TLanes Minimum) Units<TLanes>(byte* unit)
        where TLanes : struct, IPanelLanes<TLanes> => (TLanes.LoadHalves((ushort*)unit), TLanes.LoadHalves((ushort*)(unit + MinimaAt)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Scales<TLanes>(TLanes units, byte* integers, int half)
        where TLanes : struct, IPanelLanes<TLanes> => units;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Minima<TLanes>(TLanes units, byte* integers, int half)
        where TLanes : struct, IPanelLanes<TLanes> => units;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(byte* unit, int row, in BlockParts parts) =>
        (((Half*)unit)[row], ((Half*)(unit + MinimaAt))[row]) = (parts.Scale, -parts.Minimum);

    public static (float Scale, float Minimum) Read(byte* unit, int row, int block, int half) =>
        ((float)((Half*)unit)[row], (float)((Half*)(unit + MinimaAt))[row]);
}
