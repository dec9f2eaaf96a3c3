namespace Penstock.Constraints.Json.Formulas.Atoms;

/// <summary>Between two bounds of the items of an array, from an index on, are of a formula.</summary>
internal sealed class ContainsAtom(int id, Formula matching, int min, int max, int from) : Atom(id, JsonTypes.Array)
{
    public Formula Matching { get; } = matching;

    public int Min { get; } = min;

    /// <summary>Inclusive; <see cref="int.MaxValue"/> for none.</summary>
    public int Max { get; } = max;

    public int From { get; } = from;

    public override Formula Complement(FormulaPool pool) => pool.Any(
        Min > 0 ? pool.Contains(Matching, 0, Min - 1, From) : pool.False,
        Max < int.MaxValue ? pool.Contains(Matching, Max + 1, int.MaxValue, From) : pool.False);
}
