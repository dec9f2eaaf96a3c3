using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>bfloat16: the upper half of a single.</summary>
internal readonly unsafe struct BF16Format : IFloatFormat
{
    public static int ElementBytes => 2;

    public static bool AllFinite(ReadOnlySpan<byte> elements) => FiniteBits.All<ushort>(MemoryMarshal.Cast<byte, ushort>(elements), 0x7F80);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* source)
        where TLanes : struct, IPanelLanes<TLanes> => TLanes.LoadBFloats((ushort*)source);
}
