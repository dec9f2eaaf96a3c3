using System.Runtime.CompilerServices;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>Floats: all columns are one block without scales.</summary>
internal readonly unsafe struct LoraFloats<TFormat> : ILoraFormat
    where TFormat : struct, IFloatFormat
{
    public static int BlockColumns => int.MaxValue & ~3;

    public static int HeaderBytes => 0;

    public static int ElementBytes => TFormat.ElementBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Scales<TLanes>(byte* block)
        where TLanes : struct, IPanelLanes<TLanes> => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* column)
        where TLanes : struct, IPanelLanes<TLanes> => TFormat.Load<TLanes>(column);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Join<TLanes>(TLanes sum, TLanes scales, TLanes before)
        where TLanes : struct, IPanelLanes<TLanes> => sum;
}
