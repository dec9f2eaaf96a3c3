namespace Penstock.Constraints.Json.Formulas.Atoms;

/// <summary>No two items of an array are equal.</summary>
internal sealed class UniqueAtom(int id, string pointer) : Atom(id, JsonTypes.Array)
{
    public override Formula Complement(FormulaPool pool) =>
        new RefusedFormula(pool.NextId(), "The negation of uniqueItems (by not, or by a oneOf whose branches overlap) is not supported.", pointer, this);
}
