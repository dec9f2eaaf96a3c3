namespace Penstock.Constraints.Json.Formulas.Atoms;

/// <summary>Where an object has one property, it has some others.</summary>
internal sealed class DependencyAtom(int id, string name, IReadOnlyList<string> others) : Atom(id, JsonTypes.Object)
{
    public string Name { get; } = name;

    public IReadOnlyList<string> Others { get; } = others;

    public override Formula Complement(FormulaPool pool) =>
        pool.All(pool.Required(Name), pool.Any([.. Others.Select(other => pool.Property(other, pool.False))]));
}
