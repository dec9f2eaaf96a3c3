using System.Numerics;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Numbers;

/// <summary>Arithmetic on decimals that the reading of numbers needs.</summary>
internal static class PowersOfTen
{
    private static readonly BigInteger[] Known = MakeKnown();

    public static BigInteger Of(int exponent) => exponent < Known.Length ? Known[exponent] : BigInteger.Pow(10, exponent);

    /// <summary>Decimal digits of a number without its sign; 0 for 0.</summary>
    public static int Digits(BigInteger value)
    {
        value = BigInteger.Abs(value);
        if (value.IsZero)
            return 0;

        // log10(2) from below; at most one too few.
        var digits = (int)((value.GetBitLength() - 1) * 0.30102999566398114) + 1;
        return value >= Of(digits) ? digits + 1 : digits;
    }

    /// <summary>The m of 10^(m-1) &lt;= |value| &lt; 10^m; meaningless for 0.</summary>
    public static int Magnitude(ExactDecimal value) => Digits(value.Mantissa) + value.Exponent;

    public static ExactDecimal Add(ExactDecimal a, ExactDecimal b)
    {
        var scale = Math.Min(a.Exponent, b.Exponent);
        return new(a.At(scale) + b.At(scale), scale);
    }

    public static ExactDecimal Negate(ExactDecimal value) => new(-value.Mantissa, value.Exponent);

    private static BigInteger[] MakeKnown()
    {
        var powers = new BigInteger[400];
        powers[0] = BigInteger.One;
        for (var i = 1; i < powers.Length; i++)
            powers[i] = powers[i - 1] * 10;

        return powers;
    }
}
