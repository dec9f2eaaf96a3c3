using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>The integers of 16 rows, a byte each, as factors of their units.</summary>
internal static unsafe class GroupBytes
{
    /// <summary>Units times signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplySigned(sbyte* integers, ref Vector256<float> unitA, ref Vector256<float> unitB)
    {
        var words = Vector256.WidenLower(Vector256.Create(Vector128.Load(integers), default));
        unitA *= Vector256.ConvertToSingle(Vector256.WidenLower(words));
        unitB *= Vector256.ConvertToSingle(Vector256.WidenUpper(words));
    }

    /// <summary>Units times unsigned bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(Vector128<byte> integers, ref Vector256<float> unitA, ref Vector256<float> unitB)
    {
        var words = Vector256.WidenLower(Vector256.Create(integers, default));
        unitA *= Vector256.ConvertToSingle(Vector256.WidenLower(words).AsInt32());
        unitB *= Vector256.ConvertToSingle(Vector256.WidenUpper(words).AsInt32());
    }
}
