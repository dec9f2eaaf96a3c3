using System.Globalization;
using System.Numerics;
using System.Text;
using Penstock.Constraints.Json.Machine.Texts;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Numbers;

/// <summary>
/// The numbers of a shape, less those that an array with unique items already has. Judged twice: exactly, and as the 64-bit float that most readers
/// make of a number, so that rounding never carries a value onto a bound that it must not touch.
/// </summary>
internal sealed class NumberPlan : Interned
{
    /// <summary>Digits before the exponent that every number may have: more than any number in use needs, few enough to come to an end.</summary>
    private const int LeastMostDigits = 200;

    /// <summary>Below the magnitude of the smallest 64-bit float, 5e-324.</summary>
    public const int LeastMagnitude = -330;

    /// <summary>The magnitude of the largest 64-bit float, 1.8e308.</summary>
    private const int MostMagnitude = 309;

    private readonly NumberShape whole;
    private readonly NumberShape shape;
    private readonly TextSet taken;
    private readonly double[] excluded;
    private readonly bool isRoundingSensitive;
    private readonly (int Least, int Most) positive;
    private readonly (int Least, int Most) negative;

    public NumberPlan(NumberShape shape, TextSet taken)
    {
        whole = shape;
        this.shape = shape = ExactNumbers.Of(shape);
        this.taken = taken;
        excluded = [.. shape.Excluded.Select(ToDouble), .. Enumerable.Range(0, taken.Count).Select(i => double.Parse(Encoding.ASCII.GetString(taken[i]), CultureInfo.InvariantCulture))];
        isRoundingSensitive = shape.ExcludesMinimum || shape.ExcludesMaximum || excluded.Length > 0 || shape.NotMultiplesOf.Count > 0;
        IsFree = shape.IsAny && taken.Count == 0;
        IsFreeInteger = !IsFree && taken.Count == 0 && shape.MultipleOf == ExactDecimal.One && shape is { Minimum: null, Maximum: null, Values: null, Excluded.Count: 0, NotMultiplesOf.Count: 0 };
        positive = FindMagnitudes(isNegative: false);
        negative = FindMagnitudes(isNegative: true);
        MostDigits = LeastMostDigits + new[] { shape.Minimum, shape.Maximum, shape.MultipleOf }.Sum(bound => bound is { } b ? PowersOfTen.Digits(b.Mantissa) + Math.Abs(b.Exponent) : 0);
    }

    public NumberShape Shape => shape;

    /// <summary>Whether every number will do.</summary>
    public bool IsFree { get; }

    /// <summary>Whether every integer will do.</summary>
    public bool IsFreeInteger { get; }

    public int MostDigits { get; }

    /// <summary>How many neighbours are tried where one value is not allowed.</summary>
    private int Tries => 32 + excluded.Length + (shape.NotMultiplesOf.Count * 16);

    public bool Contains(ExactDecimal value)
    {
        if (value.Sign != 0 && PowersOfTen.Magnitude(value) > MostMagnitude)
            return false;

        if (!shape.Contains(value))
            return false;

        var mayOverflow = value.Sign != 0 && PowersOfTen.Magnitude(value) == MostMagnitude;
        if (!isRoundingSensitive && !mayOverflow)
            return true;

        var rounded = ToDouble(value);
        return double.IsFinite(rounded)
            && (!shape.ExcludesMinimum || rounded > ToDouble(shape.Minimum!.Value))
            && (!shape.ExcludesMaximum || rounded < ToDouble(shape.Maximum!.Value))
            && !excluded.Contains(rounded)
            && (shape.NotMultiplesOf.Count == 0 || !ExactDecimal.TryParse(rounded.ToString("R", CultureInfo.InvariantCulture), out var read) || !shape.NotMultiplesOf.Any(read.IsMultipleOf));
    }

    /// <summary>The magnitudes (see <see cref="PowersOfTen.Magnitude"/>) of the numbers on one side of zero; none where the least is the larger.</summary>
    public (int Least, int Most) Magnitudes(bool isNegative) => isNegative ? negative : positive;

    /// <summary>A number of the plan on one side of zero, zero included, or null.</summary>
    public ExactDecimal? Pick(bool isNegative) => isNegative ? Pick(null, false, ExactDecimal.Zero, true) : Pick(ExactDecimal.Zero, true, null, false);

    /// <summary>A number of the plan in an interval, or null where none was found.</summary>
    public ExactDecimal? Pick(ExactDecimal? low, bool withLow, ExactDecimal? high, bool withHigh)
    {
        if (shape.Minimum is { } minimum && (low is not { } l || minimum.CompareTo(l) is var overLow && (overLow > 0 || (overLow == 0 && shape.ExcludesMinimum))))
            (low, withLow) = (minimum, !shape.ExcludesMinimum);

        if (shape.Maximum is { } maximum && (high is not { } h || maximum.CompareTo(h) is var overHigh && (overHigh < 0 || (overHigh == 0 && shape.ExcludesMaximum))))
            (high, withHigh) = (maximum, !shape.ExcludesMaximum);

        if (shape.Values is { } values)
        {
            foreach (var value in values)
            {
                if (IsBetween(value, low, withLow, high, withHigh) && Contains(value))
                    return value;
            }

            return null;
        }

        if (low is { } from && high is { } to && from.CompareTo(to) is var order && (order > 0 || (order == 0 && !(withLow && withHigh))))
            return null;

        if (IsBetween(ExactDecimal.Zero, low, withLow, high, withHigh) && Contains(ExactDecimal.Zero))
            return ExactDecimal.Zero;

        return shape.MultipleOf is { } step
            ? PickOnGrid(step, low, withLow, high, withHigh)
            : PickDense(low, withLow, high, withHigh);
    }

    protected override bool IsSame(Interned other) => ReferenceEquals(whole, ((NumberPlan)other).whole) && ReferenceEquals(taken, ((NumberPlan)other).taken);

    protected override int Hash() => HashCode.Combine(whole, taken);

    private (int Least, int Most) FindMagnitudes(bool isNegative)
    {
        var sign = isNegative ? -1 : 1;
        if (shape.Values is { } values)
        {
            var sizes = values.Where(value => value.Sign == sign).Select(PowersOfTen.Magnitude).ToArray();
            return sizes.Length == 0 ? (0, -1) : (sizes.Min(), sizes.Max());
        }

        var (near, far) = isNegative ? (shape.Maximum, shape.Minimum) : (shape.Minimum, shape.Maximum);
        if (far is { } end && end.Sign != sign)
            return (0, -1);

        var most = far is { } bound ? PowersOfTen.Magnitude(bound) : MostMagnitude;
        var least = near is { } start && start.Sign == sign ? PowersOfTen.Magnitude(start) : LeastMagnitude;
        return (shape.MultipleOf is { } step ? Math.Max(least, PowersOfTen.Magnitude(step)) : least, Math.Min(most, MostMagnitude));
    }

    private static bool IsBetween(ExactDecimal value, ExactDecimal? low, bool withLow, ExactDecimal? high, bool withHigh) =>
        (low is not { } from || value.CompareTo(from) is var below && (below > 0 || (below == 0 && withLow)))
        && (high is not { } to || value.CompareTo(to) is var above && (above < 0 || (above == 0 && withHigh)));

    private static double ToDouble(ExactDecimal value) => double.Parse($"{value.Mantissa}e{value.Exponent}", NumberStyles.Float, CultureInfo.InvariantCulture);

    private ExactDecimal? PickOnGrid(ExactDecimal step, ExactDecimal? low, bool withLow, ExactDecimal? high, bool withHigh)
    {
        var least = low is { } from ? Ceiling(from, step, withLow) : (BigInteger?)null;
        var most = high is { } to ? -Ceiling(PowersOfTen.Negate(to), step, withHigh) : (BigInteger?)null;
        for (var i = 0; i < Tries; i++)
        {
            foreach (var factor in (ReadOnlySpan<BigInteger?>)[least + i, most - i])
            {
                if (factor is { } times && !(times < least) && !(times > most) && step.Times(times) is var value && Contains(value))
                    return value;
            }

            if (least > most - i)
                return null;
        }

        // Without bounds: around zero, which itself was tried.
        for (var i = 1; least is null && most is null && i < Tries; i++)
        {
            if (Contains(step.Times(i)))
                return step.Times(i);

            if (Contains(step.Times(-i)))
                return step.Times(-i);
        }

        return null;
    }

    private static BigInteger Ceiling(ExactDecimal value, ExactDecimal step, bool withEqual)
    {
        var floor = value.FloorDivide(step);
        return withEqual && step.Times(floor) == value ? floor : floor + 1;
    }

    private ExactDecimal? PickDense(ExactDecimal? low, bool withLow, ExactDecimal? high, bool withHigh)
    {
        if (withLow && low is { } start && Contains(start))
            return start;

        if (withHigh && high is { } end && Contains(end))
            return end;

        var from = low ?? PowersOfTen.Add(high ?? ExactDecimal.Zero, -100);
        var to = high ?? PowersOfTen.Add(from, 100);
        var width = PowersOfTen.Add(to, PowersOfTen.Negate(from));
        if (width.Sign <= 0)
            return null;

        // Points inside, coarse ones first; from both ends, since rounding and bounds take away from the ends.
        for (var scale = PowersOfTen.Magnitude(width) - 1; scale > PowersOfTen.Magnitude(width) - 5; scale--)
        {
            var unit = new ExactDecimal(1, scale);
            var (least, most) = (Ceiling(from, unit, false), -Ceiling(PowersOfTen.Negate(to), unit, false));
            for (var i = 0; i < Tries && least + i <= most; i++)
            {
                if (Contains(unit.Times(least + i)))
                    return unit.Times(least + i);

                if (Contains(unit.Times(most - i)))
                    return unit.Times(most - i);
            }
        }

        return null;
    }
}
