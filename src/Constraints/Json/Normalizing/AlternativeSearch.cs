using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>
/// Works a conjunction of formulas out into shapes: for each type on its own, because most of a schema says nothing about any one type, choices are
/// multiplied out, and an alternative is given up as soon as its conditions contradict one another.
/// </summary>
/// <remarks>
/// The search is that of Davis, Putnam, Logemann and Loveland over <c>anyOf</c> in place of clauses: a choice with one branch left is taken at once, and
/// the choice with the fewest branches is split first. A branch that is one condition is assumed not to hold in those after it.
/// </remarks>
internal sealed class AlternativeSearch(TermPool pool)
{
    private static readonly JsonTypes[] Types =
        [JsonTypes.Null, JsonTypes.True, JsonTypes.False, JsonTypes.Number, JsonTypes.String, JsonTypes.Array, JsonTypes.Object];

    public IReadOnlyList<ValueShape> Run(Formula[] conditions)
    {
        var summary = ValueSummary.Intersect(conditions);
        var found = new AlternativeSet(pool);
        foreach (var type in Types)
        {
            if (summary.Types.Has(type))
            {
                var start = new Alternative(pool, type, NewBuilder(type));
                if (start.Assume(conditions))
                {
                    Split(start, found);
                }
            }
        }

        return found.Merged();
    }

    private ShapeBuilder NewBuilder(JsonTypes type) => type switch
    {
        JsonTypes.Null => new LiteralBuilder(LiteralShape.Null),
        JsonTypes.True => new LiteralBuilder(LiteralShape.True),
        JsonTypes.False => new LiteralBuilder(LiteralShape.False),
        JsonTypes.Number => new NumberBuilder(NumberShape.Any),
        JsonTypes.String => new TextBuilder(pool.Texts),
        JsonTypes.Array => new ArrayBuilder(pool),
        _ => new ObjectBuilder(pool),
    };

    private void Split(Alternative alternative, AlternativeSet found)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        pool.Formulas.Budget.Charge();
        var choice = alternative.NextChoice();
        if (alternative.IsContradiction)
        {
            return;
        }

        if (choice is null)
        {
            found.Add(alternative);
            return;
        }

        SplitApart(alternative, choice, found);
    }

    /// <summary>
    /// Takes each branch where no earlier one holds, as far as that is one condition more. The same branch stands in many choices (each object that is told
    /// from others by one property has it), and so it is either taken and settles them all, or is gone from them all.
    /// </summary>
    private void SplitApart(Alternative alternative, List<Formula> choice, AlternativeSet found)
    {
        var branches = choice.ConvertAll(branch => (Branch: branch, Complement: pool.Formulas.PlainComplement(branch)));
        var last = branches.FindLastIndex(branch => branch.Complement is null) is >= 0 and var open ? open : branches.Count - 1;
        foreach (var (branch, complement) in branches.Where((_, i) => i != last).OrderBy(branch => branch.Complement is null))
        {
            var one = alternative.Clone();
            if (one.Assume([branch]))
            {
                Split(one, found);
            }

            if (complement is not null && !alternative.Assume([complement]))
            {
                return;
            }
        }

        if (alternative.Assume([branches[last].Branch]))
        {
            Split(alternative, found);
        }
    }
}
