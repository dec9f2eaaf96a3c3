using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>bfloat16: the upper half of a single.</summary>
internal readonly unsafe struct BF16Format : IFloatFormat
{
    public static int ElementBytes => 2;

    public static bool IsFinite(ReadOnlySpan<byte> element) => float.IsFinite(BitConverter.Int32BitsToSingle(BitConverter.ToUInt16(element) << 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> A, Vector256<float> B) Load(byte* source)
    {
        var halves = Vector256.Load((ushort*)source);
        return ((Vector256.WidenLower(halves) << 16).AsSingle(), (Vector256.WidenUpper(halves) << 16).AsSingle());
    }
}
