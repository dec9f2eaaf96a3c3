using System.Runtime.CompilerServices;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Single precision.</summary>
internal readonly unsafe struct F32Format : IFloatFormat
{
    public static int ElementBytes => 4;

    public static bool IsFinite(ReadOnlySpan<byte> element) => float.IsFinite(BitConverter.ToSingle(element));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* source)
        where TLanes : struct, IPanelLanes<TLanes> => TLanes.Load((float*)source);
}
