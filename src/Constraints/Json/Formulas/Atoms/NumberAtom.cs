using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Formulas.Atoms;

/// <summary>A number is of a shape.</summary>
internal sealed class NumberAtom(int id, NumberShape shape) : Atom(id, JsonTypes.Number)
{
    public NumberShape Shape { get; } = shape;

    public override Formula Complement(FormulaPool pool)
    {
        var parts = new List<NumberShape>();
        if (Shape.Values is not null)
        {
            parts.Add(new() { Excluded = Shape.Values });
        }

        if (Shape.Minimum is not null)
        {
            parts.Add(new() { Maximum = Shape.Minimum, ExcludesMaximum = !Shape.ExcludesMinimum });
        }

        if (Shape.Maximum is not null)
        {
            parts.Add(new() { Minimum = Shape.Maximum, ExcludesMinimum = !Shape.ExcludesMaximum });
        }

        if (Shape.MultipleOf is { } divisor)
        {
            parts.Add(new() { NotMultiplesOf = [divisor] });
        }

        parts.AddRange(Shape.NotMultiplesOf.Select(other => new NumberShape { MultipleOf = other }));
        if (Shape.Excluded.Count > 0)
        {
            parts.Add(new() { Values = Shape.Excluded });
        }

        return pool.Any([.. parts.Select(part => new NumberAtom(pool.NextId(), part))]);
    }

    public override bool HoldsFor(ValueSummary values, int depth) =>
        base.HoldsFor(values, depth)
        || (!Shape.IsPlain && !values.Numbers.IsComplement && values.Numbers.Texts.All(text => ExactDecimal.TryParse(text, out var number) && Shape.Contains(number)))
        || (!Shape.IsPlain && Shape is { Excluded.Count: > 0, Minimum: null, Maximum: null, MultipleOf: null, NotMultiplesOf.Count: 0, Values: null }
            && values.Numbers.IsComplement && Shape.Excluded.All(number => values.Numbers.Texts.Contains(number.ToString())));

    protected override ValueSummary Summarize()
    {
        if (Shape.Values is { } values)
        {
            return new(JsonTypes.All, TextSet.All, new([.. values.Select(value => value.ToString())], false));
        }

        return Shape.Excluded.Count == 0
            ? ValueSummary.Any
            : new(JsonTypes.All, TextSet.All, new([.. Shape.Excluded.Select(value => value.ToString())], true));
    }
}
