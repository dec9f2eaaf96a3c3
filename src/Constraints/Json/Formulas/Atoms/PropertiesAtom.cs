using System.Text;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Formulas.Atoms;

/// <summary>
/// Every property of an object is of the formulas that its name calls for: that of the name, those of each pattern it matches, and where there is none of
/// these, the additional one.
/// </summary>
internal sealed class PropertiesAtom(
    int id, IReadOnlyDictionary<string, Formula> named, IReadOnlyList<(Language Names, Formula Value)> patterns, Formula additional)
    : Atom(id, JsonTypes.Object)
{
    public IReadOnlyDictionary<string, Formula> Named { get; } = named;

    public IReadOnlyList<(Language Names, Formula Value)> Patterns { get; } = patterns;

    public Formula Additional { get; } = additional;

    /// <summary>Adds what the value of a property must be.</summary>
    public void AddValueOf(string name, List<Formula> conditions)
    {
        var isMatched = Named.TryGetValue(name, out var value);
        if (isMatched)
        {
            conditions.Add(value!);
        }

        if (Patterns.Count > 0)
        {
            var utf8 = Encoding.UTF8.GetBytes(name);
            foreach (var pattern in Patterns)
            {
                if (pattern.Names.Matches(utf8))
                {
                    isMatched = true;
                    conditions.Add(pattern.Value);
                }
            }
        }

        if (!isMatched)
        {
            conditions.Add(Additional);
        }
    }

    public override Formula Complement(FormulaPool pool)
    {
        var parts = new List<Formula>();
        foreach (var (name, value) in Named)
        {
            if (!ReferenceEquals(value, pool.True))
            {
                parts.Add(pool.All(pool.Required(name), pool.Property(name, pool.Not(value))));
            }
        }

        foreach (var (names, value) in Patterns)
        {
            if (!ReferenceEquals(value, pool.True))
            {
                parts.Add(new ExistsAtom(pool.NextId(), names, pool.Not(value)));
            }
        }

        if (!ReferenceEquals(Additional, pool.True))
        {
            var texts = pool.Texts;
            var known = texts.Or([texts.AnyOf(Named.Keys.Select(Encoding.UTF8.GetBytes)), .. Patterns.Select(pattern => pattern.Names)]);
            parts.Add(new ExistsAtom(pool.NextId(), texts.Not(known), pool.Not(Additional)));
        }

        return pool.Any(parts);
    }
}
