using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Formulas.Atoms;

/// <summary>An object has a property whose name is in a language and whose value is of a formula.</summary>
internal sealed class ExistsAtom(int id, Language names, Formula matching) : Atom(id, JsonTypes.Object)
{
    public Language Names { get; } = names;

    public Formula Matching { get; } = matching;

    public override Formula Complement(FormulaPool pool) =>
        new PropertiesAtom(pool.NextId(), new Dictionary<string, Formula>(), [(Names, pool.Not(Matching))], pool.True);
}
