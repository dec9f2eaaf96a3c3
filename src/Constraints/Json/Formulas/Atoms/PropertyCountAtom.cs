namespace Penstock.Constraints.Json.Formulas.Atoms;

/// <summary>An object has a number of properties between two bounds.</summary>
internal sealed class PropertyCountAtom(int id, int min, int max) : Atom(id, JsonTypes.Object)
{
    public int Min { get; } = min;

    /// <summary>Inclusive; <see cref="int.MaxValue"/> for none.</summary>
    public int Max { get; } = max;

    public override Formula Complement(FormulaPool pool) => pool.Any(
        Min > 0 ? new PropertyCountAtom(pool.NextId(), 0, Min - 1) : pool.False,
        Max < int.MaxValue ? new PropertyCountAtom(pool.NextId(), Max + 1, int.MaxValue) : pool.False);
}
