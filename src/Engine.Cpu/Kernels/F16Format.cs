using System.Runtime.CompilerServices;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>IEEE half precision; finite values only.</summary>
internal readonly unsafe struct F16Format : IFloatFormat
{
    public static int ElementBytes => 2;

    public static bool IsFinite(ReadOnlySpan<byte> element) => Half.IsFinite(BitConverter.ToHalf(element));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* source)
        where TLanes : struct, IPanelLanes<TLanes> => TLanes.LoadHalves((ushort*)source);
}
