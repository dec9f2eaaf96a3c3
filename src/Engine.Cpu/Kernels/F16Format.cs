using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>IEEE half precision; finite values only.</summary>
internal readonly unsafe struct F16Format : IFloatFormat
{
    public static int ElementBytes => 2;

    public static bool AllFinite(ReadOnlySpan<byte> elements) => FiniteBits.All<ushort>(MemoryMarshal.Cast<byte, ushort>(elements), 0x7C00);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* source)
        where TLanes : struct, IPanelLanes<TLanes> => TLanes.LoadHalves((ushort*)source);
}
