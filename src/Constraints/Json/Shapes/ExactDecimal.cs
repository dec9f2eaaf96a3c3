using System.Globalization;
using System.Numerics;

namespace Penstock.Constraints.Json.Shapes;

/// <summary>A decimal number without rounding: a mantissa times a power of ten. Equal by value.</summary>
/// <remarks>The mantissa has no trailing zeros, and zero has the exponent 0, so equal values have equal members.</remarks>
public readonly record struct ExactDecimal : IComparable<ExactDecimal>
{
    /// <summary>Larger exponents are refused: a number of so many digits is a mistake or an attack, and arithmetic on it is slow.</summary>
    public const int LargestExponent = 5_000;

    private const int LongDigits = 18;

    private static readonly long[] Powers = [.. Enumerable.Range(0, LongDigits + 1).Select(zeros => (long)Math.Pow(10, zeros))];

    public ExactDecimal(BigInteger mantissa, int exponent)
    {
        // Most numbers are small or odd; a mask asks for thousands of them.
        (Mantissa, Exponent) = mantissa.IsZero ? (mantissa, 0)
            : !mantissa.IsEven ? (mantissa, exponent)
            : mantissa >= long.MinValue && mantissa <= long.MaxValue ? WithoutZeros((long)mantissa, exponent)
            : WithoutZeros(mantissa, exponent);
    }

    public static ExactDecimal Zero { get; }

    public static ExactDecimal One { get; } = new(BigInteger.One, 0);

    /// <summary>An integer that is not a multiple of 10, or 0.</summary>
    public BigInteger Mantissa { get; }

    /// <summary>The power of ten.</summary>
    public int Exponent { get; }

    public bool IsInteger => Exponent >= 0;

    public int Sign => Mantissa.Sign;

    public static implicit operator ExactDecimal(long value) => new(value, 0);

    /// <summary>Reads a number in any form that JSON allows.</summary>
    /// <returns>False where the exponent is beyond <see cref="LargestExponent"/> or there are more digits than that.</returns>
    public static bool TryParse(ReadOnlySpan<char> json, out ExactDecimal value)
    {
        value = default;
        var exponent = 0L;
        var e = json.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            if (!long.TryParse(json[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            {
                return false;
            }

            json = json[..e];
        }

        var point = json.IndexOf('.');
        var digits = point < 0 ? json.ToString() : string.Concat(json[..point], json[(point + 1)..]);
        if (digits.Length > LargestExponent || !BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var mantissa))
        {
            return false;
        }

        exponent -= point < 0 ? 0 : json.Length - point - 1;
        if (mantissa.IsZero)
        {
            return true;
        }

        if (Math.Abs(exponent) > LargestExponent)
        {
            return false;
        }

        value = new(mantissa, (int)exponent);
        return true;
    }

    public int CompareTo(ExactDecimal other)
    {
        if (Sign != other.Sign)
        {
            return Sign.CompareTo(other.Sign);
        }

        if (Exponent == other.Exponent)
        {
            return Mantissa.CompareTo(other.Mantissa);
        }

        var scale = Math.Min(Exponent, other.Exponent);
        return At(scale).CompareTo(other.At(scale));
    }

    /// <summary>Whether this is an integer times a positive number.</summary>
    public bool IsMultipleOf(ExactDecimal divisor)
    {
        var scale = Math.Min(Exponent, divisor.Exponent);
        return BigInteger.Remainder(At(scale), divisor.At(scale)).IsZero;
    }

    /// <summary>The least positive number that is a multiple of both.</summary>
    public static ExactDecimal LeastCommonMultiple(ExactDecimal a, ExactDecimal b)
    {
        var scale = Math.Min(a.Exponent, b.Exponent);
        var (x, y) = (a.At(scale), b.At(scale));
        return new(x / BigInteger.GreatestCommonDivisor(x, y) * y, scale);
    }

    /// <summary>How often a positive number goes into this one, rounded down.</summary>
    public BigInteger FloorDivide(ExactDecimal divisor)
    {
        var scale = Math.Min(Exponent, divisor.Exponent);
        var quotient = BigInteger.DivRem(At(scale), divisor.At(scale), out var rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }

    /// <summary>This number times an integer.</summary>
    public ExactDecimal Times(BigInteger factor) => new(Mantissa * factor, Exponent);

    /// <summary>The number that is this many times ten to the power of <paramref name="scale"/>; exact where that is not above <see cref="Exponent"/>.</summary>
    public BigInteger At(int scale) => Exponent == scale ? Mantissa
        : Exponent - scale is > 0 and <= LongDigits and var zeros ? Mantissa * Powers[zeros]
        : Mantissa * BigInteger.Pow(10, Exponent - scale);

    private static (BigInteger Mantissa, int Exponent) WithoutZeros(long mantissa, int exponent)
    {
        for (; mantissa % 10 == 0; exponent++)
        {
            mantissa /= 10;
        }

        return (mantissa, exponent);
    }

    private static (BigInteger Mantissa, int Exponent) WithoutZeros(BigInteger mantissa, int exponent)
    {
        for (; BigInteger.Remainder(mantissa, 10).IsZero; exponent++)
        {
            mantissa /= 10;
        }

        return (mantissa, exponent);
    }

    public static bool operator <(ExactDecimal left, ExactDecimal right) => left.CompareTo(right) < 0;

    public static bool operator >(ExactDecimal left, ExactDecimal right) => left.CompareTo(right) > 0;

    public static bool operator <=(ExactDecimal left, ExactDecimal right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ExactDecimal left, ExactDecimal right) => left.CompareTo(right) >= 0;

    /// <summary>The shortest spelling as a JSON number.</summary>
    public override string ToString()
    {
        var digits = Mantissa.ToString(CultureInfo.InvariantCulture);
        if (Exponent == 0)
        {
            return digits;
        }

        var scientific = $"{digits}e{Exponent}";
        if (Exponent > 0)
        {
            var plain = Exponent > scientific.Length ? scientific : digits + new string('0', Exponent);
            return plain.Length <= scientific.Length ? plain : scientific;
        }

        var sign = Sign < 0 ? "-" : "";
        var magnitude = Sign < 0 ? digits[1..] : digits;
        if (-Exponent - magnitude.Length > 3)
        {
            return scientific;
        }

        var padded = magnitude.PadLeft(1 - Exponent, '0');
        return $"{sign}{padded[..^-Exponent]}.{padded[^-Exponent..]}";
    }
}
