using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Single precision.</summary>
internal readonly unsafe struct F32Format : IFloatFormat
{
    public static int ElementBytes => 4;

    public static bool AllFinite(ReadOnlySpan<byte> elements) => FiniteBits.All(MemoryMarshal.Cast<byte, uint>(elements), 0x7F800000u);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* source)
        where TLanes : struct, IPanelLanes<TLanes> => TLanes.Load((float*)source);
}
