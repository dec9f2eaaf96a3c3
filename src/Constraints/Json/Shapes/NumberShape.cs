namespace Penstock.Constraints.Json.Shapes;

/// <summary>The numbers of an interval on a grid, less some; or one of a finite set. Values, not spellings: 1, 1.0 and 10e-1 are equal.</summary>
public sealed class NumberShape : ValueShape
{
    /// <summary>Every number.</summary>
    public static NumberShape Any { get; } = new();

    /// <summary>The lower bound, or null.</summary>
    public ExactDecimal? Minimum { get; internal init; }

    /// <summary>Whether <see cref="Minimum"/> itself is left out.</summary>
    public bool ExcludesMinimum { get; internal init; }

    /// <summary>The upper bound, or null.</summary>
    public ExactDecimal? Maximum { get; internal init; }

    /// <summary>Whether <see cref="Maximum"/> itself is left out.</summary>
    public bool ExcludesMaximum { get; internal init; }

    /// <summary>The value is an integer times this positive number (several divisors are their least common multiple), or null. 1 for integers.</summary>
    public ExactDecimal? MultipleOf { get; internal init; }

    /// <summary>
    /// Whether the number must be written as an integer, without fraction and exponent: draft-04's <c>integer</c>, to which 1.0 is none. Only ever with
    /// <see cref="MultipleOf"/>, or <see cref="Values"/>.
    /// </summary>
    public bool IsPlain { get; internal init; }

    /// <summary>The value is an integer times none of these positive numbers.</summary>
    public IReadOnlyList<ExactDecimal> NotMultiplesOf { get; internal init; } = [];

    /// <summary>The value is none of these.</summary>
    public IReadOnlyList<ExactDecimal> Excluded { get; internal init; } = [];

    /// <summary>The only values there are, ascending, where they are enumerated; then every other member is at its default. Else null.</summary>
    public IReadOnlyList<ExactDecimal>? Values { get; internal init; }

    /// <summary>Whether nothing is asked of the number.</summary>
    public bool IsAny => Minimum is null && Maximum is null && MultipleOf is null && NotMultiplesOf.Count == 0 && Excluded.Count == 0 && Values is null && !IsPlain;

    /// <summary>Whether a number is one of these. Does not look at <see cref="IsPlain"/>, which is about its spelling.</summary>
    public bool Contains(ExactDecimal value)
    {
        if (Values is not null)
        {
            return Values.Contains(value);
        }

        return (Minimum is not { } low || value.CompareTo(low) is var below && (ExcludesMinimum ? below > 0 : below >= 0))
            && (Maximum is not { } high || value.CompareTo(high) is var above && (ExcludesMaximum ? above < 0 : above <= 0))
            && (MultipleOf is not { } divisor || value.IsMultipleOf(divisor))
            && !NotMultiplesOf.Any(value.IsMultipleOf)
            && !Excluded.Contains(value);
    }
}
