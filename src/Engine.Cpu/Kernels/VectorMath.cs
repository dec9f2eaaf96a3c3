using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Elementary functions over vectors from additions, products and fused multiply-adds only, so that every machine and path gives the same bits.</summary>
internal static class VectorMath
{
    private const float LogBaseTwoOfE = 1.44269504088896341f;

    // ln 2 in two parts, so that n·high is exact for the exponents of single precision (Cody and Waite).
    private const float LnTwoHigh = 0.693359375f;
    private const float LnTwoLow = -2.12194440e-4f;

    /// <summary>e^x, within 2 ulp where the result is normal; 0 below -87.3, at most e^88.3; NaN stays NaN. Polynomial of Cephes' <c>expf</c> (Moshier 1989).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        var clamped = Vector256.Min(Vector256.Max(x, Vector256.Create(-87.3f)), Vector256.Create(88.3f));
        var n = Vector256.Round(clamped * Vector256.Create(LogBaseTwoOfE));
        var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-LnTwoHigh), clamped);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-LnTwoLow), r);
        var p = Vector256.Create(1.9875691500e-4f);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.3981999507e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(8.3334519073e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(4.1665795894e-2f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.6666665459e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(5.0000001201e-1f));
        p = Vector256.FusedMultiplyAdd(p, r * r, r + Vector256<float>.One);
        var power = ((Vector256.ConvertToInt32(n) + Vector256.Create(127)) << 23).AsSingle();
        var result = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(-87.3f)), Vector256<float>.Zero, p * power);
        return Vector256.ConditionalSelect(Vector256.Equals(x, x), result, x);
    }

    /// <summary>x·sigmoid(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Silu(Vector256<float> x) => x / (Vector256<float>.One + Exp(-x));

    /// <summary>GELU in its tanh form (Hendrycks and Gimpel 2016): x·½(1 + tanh(√(2/π)(x + 0.044715x³))), which is x·sigmoid of twice that argument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Gelu(Vector256<float> x)
    {
        const float TwiceRootOfTwoOverPi = 1.59576912160573071f;
        var argument = Vector256.FusedMultiplyAdd(x * x * x, Vector256.Create(0.044715f), x) * Vector256.Create(TwiceRootOfTwoOverPi);
        return x / (Vector256<float>.One + Exp(-argument));
    }

    /// <summary>Hyperbolic tangent, within 2 ulp; NaN stays NaN. Near 0 the polynomial of Cephes' <c>tanhf</c> (Moshier 1989), elsewhere 1 - 2 / (e^2x + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Tanh(Vector256<float> x)
    {
        var square = x * x;
        var p = Vector256.Create(-5.70498872745e-3f);
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(2.06390887954e-2f));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(-5.37397155531e-2f));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(1.33314422036e-1f));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(-3.33332819422e-1f));
        var near = Vector256.FusedMultiplyAdd(p * square, x, x);
        var magnitude = Vector256.Abs(x);
        var far = Vector256<float>.One - (Vector256.Create(2f) / (Exp(magnitude + magnitude) + Vector256<float>.One));
        var signed = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), -far, far);
        return Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(0.625f)), near, signed);
    }

    /// <summary>Sum of 16 lanes as a fixed tree: lanes 8 apart first, then 4, 2 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> a, Vector256<float> b)
    {
        var eight = a + b;
        var four = eight.GetLower() + eight.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }

    /// <summary>Largest of 16 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector256<float> a, Vector256<float> b)
    {
        var eight = Vector256.Max(a, b);
        var four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        return MathF.Max(MathF.Max(four[0], four[2]), MathF.Max(four[1], four[3]));
    }
}
