using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Normalizing;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>
/// Turns <c>oneOf</c> into a disjunction: each branch with the complements of the others. Of the types for which two branches cannot
/// both hold anyway the complements are left out, which for most schemas leaves <c>anyOf</c>.
/// </summary>
internal sealed class OneOfReader(TermPool terms)
{
    private readonly FormulaPool pool = terms.Formulas;
    private readonly Disjointness disjointness = new(terms);

    public Formula Of(Formula[] branches)
    {
        var isComparing = false;
        return pool.Lazy(() =>
        {
            // A branch that leads back here is compared while it is compared: then every complement stays, which is as exact and only larger.
            if (isComparing)
            {
                return Disjunction(branches, (_, _) => JsonTypes.All);
            }

            isComparing = true;
            var disjunction = Disjunction(branches, (i, j) => disjointness.Overlap(branches[i], branches[j]));
            isComparing = false;
            return disjunction;
        });
    }

    private Formula Disjunction(Formula[] branches, Func<int, int, JsonTypes> overlap)
    {
        var parts = new List<Formula>[branches.Length];
        for (var i = 0; i < branches.Length; i++)
        {
            parts[i] = [branches[i]];
        }

        for (var i = 0; i < branches.Length; i++)
        {
            for (var j = i + 1; j < branches.Length; j++)
            {
                pool.Budget.Charge();
                var apart = pool.Types(JsonTypes.All & ~overlap(i, j));
                if (!ReferenceEquals(apart, pool.True))
                {
                    parts[i].Add(pool.Any(apart, pool.Not(branches[j])));
                    parts[j].Add(pool.Any(apart, pool.Not(branches[i])));
                }
            }
        }

        return pool.Any([.. parts.Select(part => pool.All(part))]);
    }
}
