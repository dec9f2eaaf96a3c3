using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>Names for which an object asks the same of the value.</summary>
/// <param name="Names">Not empty, and disjoint from the object's other groups.</param>
/// <param name="Value">What the value must be.</param>
/// <param name="Rules">The rules of existence (<see cref="ObjectShape.Exists"/>, a bit each) for which such a property may count.</param>
internal sealed record OtherNames(Language Names, SchemaTerm Value, ulong Rules)
{
    // Each rule may cut each group in two.
    private const int MostGroups = 256;

    /// <summary>
    /// The groups of a shape, cut where a rule is about some of the names only: then which rules a name counts for is known by its automaton, and names
    /// need not be remembered for it.
    /// </summary>
    /// <exception cref="ConstraintLimitException">There are too many.</exception>
    public static OtherNames[] Split(LanguagePool texts, ObjectShape shape)
    {
        List<OtherNames> groups = [.. shape.Others.Select(others => new OtherNames(others.Names, others.Value, 0))];
        for (var rule = 0; rule < shape.Exists.Count; rule++)
        {
            var names = shape.Exists[rule].Names;
            var cut = new List<OtherNames>(groups.Count);
            foreach (var group in groups)
            {
                var within = texts.And(group.Names, names);
                if (within.IsEmpty)
                {
                    cut.Add(group);
                    continue;
                }

                var without = texts.Difference(group.Names, names);
                cut.Add(group with { Names = without.IsEmpty ? group.Names : within, Rules = group.Rules | (1UL << rule) });
                if (!without.IsEmpty)
                    cut.Add(group with { Names = without });
            }

            if (cut.Count > MostGroups)
                throw new ConstraintLimitException(ConstraintBound.States, $"The rules about what an object's properties must be tell more than {MostGroups} kinds of names apart; simplify its patterns.");

            groups = cut;
        }

        return [.. groups];
    }
}
