using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>IEEE half precision; finite values only.</summary>
internal readonly unsafe struct F16Format : IFloatFormat
{
    public static int ElementBytes => 2;

    public static bool IsFinite(ReadOnlySpan<byte> element) => Half.IsFinite(BitConverter.ToHalf(element));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> A, Vector256<float> B) Load(byte* source) => HalfFloats.Load((ushort*)source);
}
