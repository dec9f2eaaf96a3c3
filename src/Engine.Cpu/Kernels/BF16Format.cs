using System.Runtime.CompilerServices;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>bfloat16: the upper half of a single.</summary>
internal readonly unsafe struct BF16Format : IFloatFormat
{
    public static int ElementBytes => 2;

    public static bool IsFinite(ReadOnlySpan<byte> element) => float.IsFinite(BitConverter.Int32BitsToSingle(BitConverter.ToUInt16(element) << 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* source)
        where TLanes : struct, IPanelLanes<TLanes> => TLanes.LoadBFloats((ushort*)source);
}
