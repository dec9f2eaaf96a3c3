using System.Numerics;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Formulas.Atoms;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>Intersects conditions on a number.</summary>
internal sealed class NumberBuilder(NumberShape shape) : ShapeBuilder
{
    // Points of a grid that are looked at for one that nothing excludes. Exclusions are few, and leave most points of any grid.
    private const int PointsLookedAt = 10_000;

    // Integers that are looked at first where any number will do.
    private const int FirstPoints = 20;

    private NumberShape shape = shape;

    public override bool Add(Atom atom)
    {
        var other = ((NumberAtom)atom).Shape;
        if (this.shape.Values is not null || other.Values is not null)
        {
            var values = (this.shape.Values is null ? other.Values! : this.shape.Values).Where(value => this.shape.Contains(value) && other.Contains(value)).Distinct().Order().ToArray();
            this.shape = new() { Values = values, IsPlain = this.shape.IsPlain || other.IsPlain };
            return values.Length > 0;
        }

        var (low, excludesLow) = Tighter(this.shape.Minimum, this.shape.ExcludesMinimum, other.Minimum, other.ExcludesMinimum, 1);
        var (high, excludesHigh) = Tighter(this.shape.Maximum, this.shape.ExcludesMaximum, other.Maximum, other.ExcludesMaximum, -1);
        this.shape = new()
        {
            Minimum = low,
            ExcludesMinimum = excludesLow,
            Maximum = high,
            ExcludesMaximum = excludesHigh,
            IsPlain = this.shape.IsPlain || other.IsPlain,
            MultipleOf = Both(this.shape.MultipleOf, other.MultipleOf),
            NotMultiplesOf = [.. this.shape.NotMultiplesOf.Union(other.NotMultiplesOf)],
            Excluded = [.. this.shape.Excluded.Union(other.Excluded)],
        };
        return low is null || high is null || (low < high || (low == high && !excludesLow && !excludesHigh));
    }

    public override ShapeBuilder Clone() => new NumberBuilder(this.shape);

    public override ValueShape? Build() => this.shape.Values is not null || Example(this.shape) is not null ? this.shape : null;

    /// <summary>A number of a shape that is short to write, or null where there is none.</summary>
    public static ExactDecimal? Example(NumberShape shape) => Examples(shape).Cast<ExactDecimal?>().FirstOrDefault();

    /// <summary>Numbers of a shape, different ones, short ones among the first; all where they are finitely many.</summary>
    /// <exception cref="ConstraintLimitException">So many are excluded that none was found.</exception>
    public static IEnumerable<ExactDecimal> Examples(NumberShape shape)
    {
        if (shape.Values is { } values)
        {
            return values.OrderBy(value => value.ToString().Length);
        }

        if (shape.MultipleOf is { } divisor)
        {
            return shape.NotMultiplesOf.Any(divisor.IsMultipleOf) ? [] : OnGrid(shape, divisor, PointsLookedAt);
        }

        if (shape.Minimum is { } low && shape.Maximum is { } high && low == high)
        {
            return shape.Contains(low) ? [low] : [];
        }

        return OnGrid(shape, ExactDecimal.One, FirstPoints).Concat(OnGrid(shape, new(1, FinestExponent(shape)), PointsLookedAt)).Distinct();
    }

    /// <summary>
    /// The power of ten of a grid that is finer than all of a shape's numbers, so that between its bounds there are points, and points that are no multiples.
    /// </summary>
    private static int FinestExponent(NumberShape shape)
    {
        var finest = -2;
        foreach (var number in shape.NotMultiplesOf.Concat(shape.Excluded).Concat(new[] { shape.Minimum, shape.Maximum }.OfType<ExactDecimal>()))
        {
            finest = Math.Min(finest, number.Exponent - 2);
        }

        return finest;
    }

    private static IEnumerable<ExactDecimal> OnGrid(NumberShape shape, ExactDecimal step, int most)
    {
        var (first, last) = (Ceiling(shape, step), Floor(shape, step));
        var start = BigInteger.Zero;
        if (first is { } from && start < from)
        {
            start = from;
        }

        if (last is { } to && start > to)
        {
            start = to;
        }

        var found = false;
        for (var i = 0; i < most; i++)
        {
            var isLeft = false;
            foreach (var point in i == 0 ? new[] { start } : [start + i, start - i])
            {
                if ((first is null || point >= first) && (last is null || point <= last))
                {
                    isLeft = true;
                    if (step.Times(point) is var value && shape.Contains(value))
                    {
                        found = true;
                        yield return value;
                    }
                }
            }

            if (!isLeft)
            {
                yield break;
            }
        }

        if (!found && most == PointsLookedAt)
        {
            throw new ConstraintLimitException(ConstraintBound.States, "The numbers that a schema excludes leave none that is quick to find.");
        }
    }

    private static BigInteger? Ceiling(NumberShape shape, ExactDecimal step)
    {
        if (shape.Minimum is not { } low)
        {
            return null;
        }

        var floor = low.FloorDivide(step);
        return step.Times(floor) == low && !shape.ExcludesMinimum ? floor : floor + 1;
    }

    private static BigInteger? Floor(NumberShape shape, ExactDecimal step)
    {
        if (shape.Maximum is not { } high)
        {
            return null;
        }

        var floor = high.FloorDivide(step);
        return step.Times(floor) == high && shape.ExcludesMaximum ? floor - 1 : floor;
    }

    private static (ExactDecimal?, bool) Tighter(ExactDecimal? a, bool excludesA, ExactDecimal? b, bool excludesB, int direction)
    {
        if (a is not { } x || b is not { } y)
        {
            return a is null ? (b, excludesB) : (a, excludesA);
        }

        var order = x.CompareTo(y) * direction;
        return order == 0 ? (a, excludesA || excludesB) : order > 0 ? (a, excludesA) : (b, excludesB);
    }

    private static ExactDecimal? Both(ExactDecimal? a, ExactDecimal? b) =>
        a is { } x && b is { } y ? ExactDecimal.LeastCommonMultiple(x, y) : a ?? b;
}
