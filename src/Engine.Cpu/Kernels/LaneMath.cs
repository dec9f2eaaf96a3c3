using System.Runtime.CompilerServices;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Elementary functions from additions, products and fused multiply-adds only, so that every machine, path and width of vector gives the same bits.</summary>
internal static class LaneMath<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const float LogBaseTwoOfE = 1.44269504088896341f;

    // ln 2 in two parts, so that n·high is exact for the exponents of single precision (Cody and Waite).
    private const float LnTwoHigh = 0.693359375f;
    private const float LnTwoLow = -2.12194440e-4f;

    /// <summary>e^x, within 2 ulp where the result is normal; 0 below -87.3, at most e^88.3; NaN stays NaN. Polynomial of Cephes' <c>expf</c> (Moshier 1989).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x)
    {
        var smallest = TLanes.Create(-87.3f);
        var clamped = TLanes.Min(TLanes.Max(x, smallest), TLanes.Create(88.3f));
        var n = TLanes.Round(TLanes.Multiply(clamped, TLanes.Create(LogBaseTwoOfE)));
        var r = TLanes.Fma(n, TLanes.Create(-LnTwoHigh), clamped);
        r = TLanes.Fma(n, TLanes.Create(-LnTwoLow), r);
        var p = TLanes.Create(1.9875691500e-4f);
        p = TLanes.Fma(p, r, TLanes.Create(1.3981999507e-3f));
        p = TLanes.Fma(p, r, TLanes.Create(8.3334519073e-3f));
        p = TLanes.Fma(p, r, TLanes.Create(4.1665795894e-2f));
        p = TLanes.Fma(p, r, TLanes.Create(1.6666665459e-1f));
        p = TLanes.Fma(p, r, TLanes.Create(5.0000001201e-1f));
        p = TLanes.Fma(p, TLanes.Multiply(r, r), TLanes.Add(r, TLanes.Create(1f)));
        var result = TLanes.WhereLess(x, smallest, TLanes.Create(0f), TLanes.Multiply(p, TLanes.PowerOfTwo(n)));
        return TLanes.UnlessNaN(x, result);
    }

    /// <summary>Hyperbolic tangent, within 2 ulp; NaN stays NaN. Near 0 the polynomial of Cephes' <c>tanhf</c> (Moshier 1989), elsewhere 1 - 2 / (e^2x + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        var (zero, one) = (TLanes.Create(0f), TLanes.Create(1f));
        var square = TLanes.Multiply(x, x);
        var p = TLanes.Create(-5.70498872745e-3f);
        p = TLanes.Fma(p, square, TLanes.Create(2.06390887954e-2f));
        p = TLanes.Fma(p, square, TLanes.Create(-5.37397155531e-2f));
        p = TLanes.Fma(p, square, TLanes.Create(1.33314422036e-1f));
        p = TLanes.Fma(p, square, TLanes.Create(-3.33332819422e-1f));
        var near = TLanes.Fma(TLanes.Multiply(p, square), x, x);
        var negative = TLanes.Subtract(zero, x);
        var magnitude = TLanes.WhereLess(x, zero, negative, x);
        var far = TLanes.Subtract(one, TLanes.Divide(TLanes.Create(2f), TLanes.Add(Exp(TLanes.Add(magnitude, magnitude)), one)));
        var signed = TLanes.WhereLess(x, zero, TLanes.Subtract(zero, far), far);
        return TLanes.WhereLess(magnitude, TLanes.Create(0.625f), near, signed);
    }
}
