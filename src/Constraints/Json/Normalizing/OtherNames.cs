using System.Text;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Formulas.Atoms;
using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>Divides the names that no condition knows into disjoint languages, one for each set of conditions that patterns give a value.</summary>
internal sealed class OtherNames(TermPool pool)
{
    // Each pattern can divide every language in two. More than this is no schema that anyone wrote by hand.
    private const int Largest = 512;

    private readonly Dictionary<string, IReadOnlyList<OtherProperties>> known = [];

    /// <summary>The rest of the names of an object.</summary>
    /// <param name="groups">What gives conditions to values.</param>
    /// <param name="allowed">What bounds the names.</param>
    /// <param name="named">The names that are known.</param>
    public IReadOnlyList<OtherProperties> Of(List<PropertiesAtom> groups, List<PropertyNamesAtom> allowed, List<string> named)
    {
        var isClosed = groups.Any(group => group.Patterns.Count == 0 && ReferenceEquals(group.Additional, pool.Formulas.False));
        if (isClosed)
        {
            return [];
        }

        var key = $"{string.Join(',', groups.Select(group => group.Id).Order())};{string.Join(',', allowed.Select(names => names.Id).Order())};{string.Join('\0', named)}";
        if (!known.TryGetValue(key, out var others))
        {
            // Looking at values can come back here with the same names, so that they are known by now.
            known[key] = others = Divide(groups, allowed, named);
        }

        return others;
    }

    private List<OtherProperties> Divide(List<PropertiesAtom> groups, List<PropertyNamesAtom> allowed, List<string> named)
    {
        var texts = pool.Texts;
        var start = allowed.Count == 0 ? texts.All : texts.And([.. allowed.Select(names => names.Names)]);
        var cells = new List<(Language Names, List<Formula> Value)> { (start, []) };
        foreach (var group in groups)
        {
            cells = [.. cells.SelectMany(cell => Divide(cell.Names, cell.Value, group))];
            if (cells.Count > Largest)
            {
                throw new ConstraintLimitException(ConstraintBound.States, $"The patternProperties of one object divide names into more than {Largest} sets.");
            }
        }

        var utf8 = named.ConvertAll(Encoding.UTF8.GetBytes);
        var others = new List<OtherProperties>();
        foreach (var same in cells.Select(cell => (cell.Names, Term: pool.Of(cell.Value))).GroupBy(cell => cell.Term))
        {
            var parts = same.Select(cell => cell.Names).ToArray();
            var names = parts.Length == 1 ? parts[0] : texts.Or(parts);
            var taken = utf8.FindAll(name => names.Matches(name));
            names = taken.Count == 0 ? names : texts.Difference(names, texts.AnyOf(taken));
            if (!pool.IsPlainlyEmpty(same.Key) && !names.IsEmpty)
            {
                others.Add(new(names, same.Key));
            }
        }

        return others;
    }

    /// <summary>Divides one language by the patterns of one group.</summary>
    private IEnumerable<(Language, List<Formula>)> Divide(Language names, List<Formula> value, PropertiesAtom group)
    {
        var texts = pool.Texts;
        var cells = new List<(Language Names, List<Formula> Value, bool IsMatched)> { (names, value, false) };
        foreach (var pattern in group.Patterns)
        {
            // The pattern says nothing that its absence does not say as well.
            if (ReferenceEquals(pattern.Value, pool.Formulas.True) && ReferenceEquals(group.Additional, pool.Formulas.True))
            {
                continue;
            }

            var divided = new List<(Language, List<Formula>, bool)>();
            foreach (var cell in cells)
            {
                pool.Formulas.Budget.Charge();
                var inside = texts.And(cell.Names, pattern.Names);
                var outside = texts.Difference(cell.Names, pattern.Names);
                if (!inside.IsEmpty)
                {
                    divided.Add((inside, [.. cell.Value, pattern.Value], true));
                }

                if (!outside.IsEmpty)
                {
                    divided.Add((outside, cell.Value, cell.IsMatched));
                }
            }

            cells = divided;
        }

        return cells.Select(cell => (cell.Names, cell.IsMatched ? cell.Value : [.. cell.Value, group.Additional]));
    }
}
