namespace Penstock.Constraints.Json.Formulas.Atoms;

/// <summary>An array has a number of items between two bounds.</summary>
internal sealed class ItemCountAtom(int id, int min, int max) : Atom(id, JsonTypes.Array)
{
    public int Min { get; } = min;

    /// <summary>Inclusive; <see cref="int.MaxValue"/> for none.</summary>
    public int Max { get; } = max;

    public override Formula Complement(FormulaPool pool) => pool.Any(
        Min > 0 ? new ItemCountAtom(pool.NextId(), 0, Min - 1) : pool.False,
        Max < int.MaxValue ? new ItemCountAtom(pool.NextId(), Max + 1, int.MaxValue) : pool.False);
}
