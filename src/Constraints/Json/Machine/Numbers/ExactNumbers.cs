using System.Numerics;
using Penstock.Constraints.Json.Normalizing;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Numbers;

/// <summary>
/// Keeps numbers that must (or must not) be multiples where 64-bit floats are exact, up to 2^53: beyond it a reader rounds 14171170778518101 to an even number, and
/// what was a multiple of 3 is none. Multiples of powers of two stay multiples however large they are.
/// </summary>
internal static class ExactNumbers
{
    private static readonly ExactDecimal Largest = new(BigInteger.One << 53, 0);

    private static readonly ExactDecimal Smallest = new(-(BigInteger.One << 53), 0);

    /// <summary>The numbers of a shape that are not beyond; the shape itself where nothing is to be taken away, its shortest number would be, or nothing but zero would be left.</summary>
    public static NumberShape Of(NumberShape shape)
    {
        if (shape.Values is not null || (shape.MultipleOf is not { } step || IsPowerOfTwo(step)) && shape.NotMultiplesOf.All(IsPowerOfTwo))
            return shape;

        if (shape.MultipleOf > Largest)
            return shape;

        var exact = new NumberShape
        {
            Minimum = shape.Minimum is { } low && low > Smallest ? low : Smallest,
            ExcludesMinimum = shape.ExcludesMinimum && shape.Minimum is { } lowest && lowest > Smallest,
            Maximum = shape.Maximum is { } high && high < Largest ? high : Largest,
            ExcludesMaximum = shape.ExcludesMaximum && shape.Maximum is { } highest && highest < Largest,
            MultipleOf = shape.MultipleOf,
            IsPlain = shape.IsPlain,
            NotMultiplesOf = shape.NotMultiplesOf,
            Excluded = shape.Excluded,
        };
        return NumberBuilder.Example(shape) is { } shortest && exact.Contains(shortest) ? exact : shape;
    }

    private static bool IsPowerOfTwo(ExactDecimal number)
    {
        if (number.Exponent >= 0)
            return number.At(0).IsPowerOfTwo;

        // m / 10^n is one where m is 5^n times one.
        var mantissa = BigInteger.DivRem(number.Mantissa, BigInteger.Pow(5, -number.Exponent), out var rest);
        return rest.IsZero && mantissa.IsPowerOfTwo;
    }
}
