using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Normalizing;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>
/// Turns <c>oneOf</c> into a disjunction: each branch with the complements of the others. Of the types for which two branches cannot
/// both hold anyway the complements are left out, which for most schemas leaves <c>anyOf</c>.
/// </summary>
internal sealed class OneOfReader(TermPool terms)
{
    private readonly FormulaPool _pool = terms.Formulas;
    private readonly Disjointness _disjointness = new(terms);

    public Formula Of(Formula[] branches)
    {
        var isComparing = false;
        return _pool.Lazy(() =>
        {
            // A branch that leads back here is compared while it is compared: then every complement stays, which is as exact and only larger.
            if (isComparing)
            {
                return Disjunction(branches, (_, _) => JsonTypes.All);
            }

            isComparing = true;
            var disjunction = Disjunction(branches, (i, j) => _disjointness.Overlap(branches[i], branches[j]));
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
                _pool.Budget.Charge();
                var apart = _pool.Types(JsonTypes.All & ~overlap(i, j));
                if (!ReferenceEquals(apart, _pool.True))
                {
                    parts[i].Add(_pool.Any(apart, _pool.Not(branches[j])));
                    parts[j].Add(_pool.Any(apart, _pool.Not(branches[i])));
                }
            }
        }

        return _pool.Any([.. parts.Select(part => _pool.All(part))]);
    }
}
