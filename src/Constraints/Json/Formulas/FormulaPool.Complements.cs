using Penstock.Constraints.Json.Formulas.Atoms;

namespace Penstock.Constraints.Json.Formulas;

/// <summary>Complements of conjunctions, with as few branches as there can be.</summary>
internal sealed partial class FormulaPool
{
    /// <summary>The complements of the parts of a conjunction; those of the atoms of one type as one disjunction.</summary>
    private List<Formula> Complements(IReadOnlyList<Formula> parts)
    {
        var found = new List<Formula>();
        found.AddRange(parts.Where(part => part is not Atom).Select(Not));
        foreach (var same in parts.OfType<Atom>().GroupBy(atom => atom.Type))
        {
            var branches = same.Select(atom => atom.Complement(this)).SelectMany(branch => branch is AnyFormula any ? any.Parts : [branch]);
            found.Add(All(Types(same.Key), Any(JoinedByProperty(branches))));
        }

        return found;
    }

    /// <summary>
    /// Joins the branches that speak of one property: "a is absent" or "a is there and no string" is "a, where it is there, is no string", one condition in
    /// place of a choice. Without this the negation of a schema that requires its properties would multiply at every <c>oneOf</c>.
    /// </summary>
    private List<Formula> JoinedByProperty(IEnumerable<Formula> branches)
    {
        var rest = new List<Formula>();
        var (absent, present) = (new Dictionary<string, List<Formula>>(), new Dictionary<string, List<Formula>>());
        foreach (var branch in branches)
        {
            if (OfProperty(branch, True) is not var (name, value, isPresent))
            {
                rest.Add(branch);
                continue;
            }

            var these = isPresent ? present : absent;
            these.TryAdd(name, []);
            these[name].Add(value);
        }

        foreach (var (name, values) in absent)
        {
            rest.Add(Property(name, Any([.. values, .. present.GetValueOrDefault(name) ?? []])));
            present.Remove(name);
        }

        rest.AddRange(present.Select(pair => All(Required(pair.Key), Property(pair.Key, Any(pair.Value)))));
        return rest;
    }

    /// <summary>The complement of a condition on an object's property, where it is one condition again and not much larger; else null.</summary>
    public Formula? PlainComplement(Formula formula)
    {
        if (OfProperty(formula, True) is not var (name, value, isPresent) || !IsPlain(value, 3))
        {
            return null;
        }

        return isPresent ? Property(name, Not(value)) : All(Required(name), Property(name, Not(value)));
    }

    /// <summary>Whether a formula speaks of words, numbers and strings alone, or is itself a complement.</summary>
    private static bool IsPlain(Formula formula, int depth) => formula switch
    {
        TypesFormula => true,
        Atom atom => atom.Type is JsonTypes.Number or JsonTypes.String,
        AllFormula all => Array.TrueForAll(all.Parts, part => IsPlain(part, depth)),
        AnyFormula any => Array.TrueForAll(any.Parts, part => IsPlain(part, depth)),
        LazyFormula lazy => lazy.IsComplement || (depth > 0 && IsPlain(lazy.Body, depth - 1)),
        _ => false,
    };

    /// <summary>What a formula says of a single property, where that is all it says, and whether the property must be there.</summary>
    public static (string Name, Formula Value, bool IsPresent)? OfProperty(Formula formula, Formula anything) => formula switch
    {
        PropertiesAtom { Named.Count: 1, Patterns.Count: 0 } atom when ReferenceEquals(atom.Additional, anything) => (atom.Named.First().Key, atom.Named.First().Value, false),
        RequiredAtom { Names.Count: 1 } atom => (atom.Names[0], anything, true),
        AllFormula { Parts: [RequiredAtom { Names.Count: 1 } required, var other] } when OfProperty(other, anything) is (var name, var value, false) && name == required.Names[0] => (name, value, true),
        AllFormula { Parts: [var other, RequiredAtom { Names.Count: 1 } required] } when OfProperty(other, anything) is (var name, var value, false) && name == required.Names[0] => (name, value, true),
        _ => null,
    };
}
