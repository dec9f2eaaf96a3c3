using System.Runtime.CompilerServices;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>Q8_0: 32 columns of bytes, of each lane times one half-precision scale.</summary>
internal readonly unsafe struct LoraBytes : ILoraFormat
{
    public static int BlockColumns => 32;

    public static int HeaderBytes => 32;

    public static int ElementBytes => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Scales<TLanes>(byte* block)
        where TLanes : struct, IPanelLanes<TLanes> => TLanes.LoadHalves((ushort*)block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* column)
        where TLanes : struct, IPanelLanes<TLanes> => TLanes.LoadSigned((sbyte*)column);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Join<TLanes>(TLanes sum, TLanes scales, TLanes before)
        where TLanes : struct, IPanelLanes<TLanes> => TLanes.FusedMultiplyAdd(sum, scales, before);
}
