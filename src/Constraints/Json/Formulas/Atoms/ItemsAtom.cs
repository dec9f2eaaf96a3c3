namespace Penstock.Constraints.Json.Formulas.Atoms;

/// <summary>The first items of an array are each of a formula, and all that follow are of one.</summary>
internal sealed class ItemsAtom(int id, IReadOnlyList<Formula> prefix, Formula rest) : Atom(id, JsonTypes.Array)
{
    public IReadOnlyList<Formula> Prefix { get; } = prefix;

    public Formula Rest { get; } = rest;

    public Formula At(int index) => index < Prefix.Count ? Prefix[index] : Rest;

    public override Formula Complement(FormulaPool pool)
    {
        var parts = new List<Formula>();
        for (var i = 0; i < Prefix.Count; i++)
        {
            if (!ReferenceEquals(Prefix[i], pool.True))
            {
                var items = new ItemsAtom(pool.NextId(), [.. Enumerable.Repeat(pool.True, i), pool.Not(Prefix[i])], pool.True);
                parts.Add(pool.All(new ItemCountAtom(pool.NextId(), i + 1, int.MaxValue), items));
            }
        }

        if (!ReferenceEquals(Rest, pool.True))
        {
            parts.Add(new ContainsAtom(pool.NextId(), pool.Not(Rest), 1, int.MaxValue, Prefix.Count));
        }

        return pool.Any(parts);
    }
}
