using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Formulas.Atoms;

/// <summary>The name of every property of an object is in a language.</summary>
internal sealed class PropertyNamesAtom(int id, Func<Language> names) : Atom(id, JsonTypes.Object)
{
    private Language? names;

    /// <summary>Worked out when it is asked for.</summary>
    public Language Names => this.names ??= names();

    public override Formula Complement(FormulaPool pool) => new ExistsAtom(pool.NextId(), pool.Texts.Not(Names), pool.True);
}
