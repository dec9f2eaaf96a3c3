using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Single precision.</summary>
internal readonly unsafe struct F32Format : IFloatFormat
{
    public static int ElementBytes => 4;

    public static bool IsFinite(ReadOnlySpan<byte> element) => float.IsFinite(BitConverter.ToSingle(element));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> A, Vector256<float> B) Load(byte* source) =>
        (Vector256.Load((float*)source), Vector256.Load((float*)source + 8));
}
