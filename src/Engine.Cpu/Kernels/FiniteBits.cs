using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Looks for infinities and NaN in the bits of floats: all of the exponent is set.</summary>
internal static class FiniteBits
{
    /// <param name="values">Bits of floats.</param>
    /// <param name="exponent">Those of the exponent.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool All<T>(ReadOnlySpan<T> values, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        var mask = Vector256.Create(exponent);
        for (; values.Length >= Vector256<T>.Count; values = values[Vector256<T>.Count..])
        {
            if (Vector256.EqualsAny(Vector256.Create(values) & mask, mask))
                return false;
        }

        foreach (var value in values)
        {
            if ((value & exponent) == exponent)
                return false;
        }

        return true;
    }
}
