namespace Penstock.Constraints.Json.Formulas.Atoms;

/// <summary>A string has a number of code points between two bounds.</summary>
internal sealed class LengthAtom(int id, int min, int max) : Atom(id, JsonTypes.String)
{
    public int Min { get; } = min;

    /// <summary>Inclusive; <see cref="int.MaxValue"/> for none.</summary>
    public int Max { get; } = max;

    public override Formula Complement(FormulaPool pool) => pool.Any(
        Min > 0 ? new LengthAtom(pool.NextId(), 0, Min - 1) : pool.False,
        Max < int.MaxValue ? new LengthAtom(pool.NextId(), Max + 1, int.MaxValue) : pool.False);
}
