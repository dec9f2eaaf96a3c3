using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// IEEE half to single precision without F16C, which .NET does not offer: move exponent and fraction into place and
/// multiply by 2^112 to rebias the exponent. Exact for every finite half, subnormals included; infinities and NaN are refused when weights are packed, and looked for where keys and values are read.
/// </summary>
internal static unsafe class HalfFloats
{
    private const int SignExponentFraction = unchecked((int)0x8FFFE000);
    private const float Rebias = 5.192296858534828e33f; // 2^112

    /// <summary>Sixteen halves as two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Low, Vector256<float> High) Load(ushort* source)
    {
        var halves = Vector256.Load((short*)source);
        return (Widen(Vector256.WidenLower(halves)), Widen(Vector256.WidenUpper(halves)));
    }

    /// <summary>Eight halves as sign-extended integers to floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Widen(Vector256<int> signExtended) =>
        ((signExtended << 13) & Vector256.Create(SignExponentFraction)).AsSingle() * Vector256.Create(Rebias);

    /// <summary>Sixteen halves as sign-extended integers to floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Widen(Vector512<int> signExtended) =>
        ((signExtended << 13) & Vector512.Create(SignExponentFraction)).AsSingle() * Vector512.Create(Rebias);
}
