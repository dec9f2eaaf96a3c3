namespace Penstock.Constraints.Json.Formulas.Atoms;

/// <summary>An object has some properties.</summary>
internal sealed class RequiredAtom(int id, IReadOnlyList<string> names) : Atom(id, JsonTypes.Object)
{
    public IReadOnlyList<string> Names { get; } = names;

    public override Formula Complement(FormulaPool pool) => pool.Any([.. Names.Select(name => pool.Property(name, pool.False))]);
}
