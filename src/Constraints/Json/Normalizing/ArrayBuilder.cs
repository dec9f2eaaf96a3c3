using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Formulas.Atoms;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>Intersects conditions on an array.</summary>
internal sealed class ArrayBuilder(TermPool pool) : ShapeBuilder
{
    private List<ItemsAtom> items = [];
    private List<ContainsAtom> contains = [];
    private int min;
    private int max = int.MaxValue;
    private bool isUnique;

    public override bool Add(Atom atom)
    {
        switch (atom)
        {
            case ItemCountAtom count:
                min = Math.Max(min, count.Min);
                max = Math.Min(max, count.Max);
                break;
            case UniqueAtom:
                isUnique = true;
                break;
            case ContainsAtom some when !contains.Contains(some):
                contains.Add(some);
                min = Math.Max(min, some.Min == 0 ? 0 : some.Min + some.From);
                break;
            case ItemsAtom each when !items.Contains(each):
                items.Add(each);
                break;
        }

        return min <= max && !LacksItem();
    }

    public override ShapeBuilder Clone() =>
        new ArrayBuilder(pool) { items = [.. items], contains = [.. contains], min = min, max = max, isUnique = isUnique };

    public override bool Implies(Atom atom) => atom switch
    {
        UniqueAtom => isUnique || max <= 1,
        ItemCountAtom count => min >= count.Min && max <= count.Max,
        _ => false,
    };

    public override ValueShape? Build()
    {
        var length = items.Count == 0 ? 0 : items.Max(each => each.Prefix.Count);
        var prefix = new List<SchemaTerm>();
        var most = max;
        for (var i = 0; i < length && i < most; i++)
        {
            var term = pool.Of(items.Select(each => each.At(i)));
            if (pool.IsPlainlyEmpty(term))
            {
                most = i;
            }
            else
            {
                prefix.Add(term);
            }
        }

        var rest = pool.Of(items.Select(each => each.Rest));
        if (most > length && pool.IsPlainlyEmpty(rest))
        {
            most = Math.Min(most, length);
        }

        var rules = Rules();
        if (min > most || rules is null)
        {
            return null;
        }

        return new ArrayShape(prefix, rest) { MinItems = min, MaxItems = most, Contains = rules, Unique = isUnique && most > 1 };
    }

    /// <summary>Whether an item that must be there has nothing that it could be. Looks at few: the search only prunes by it.</summary>
    private bool LacksItem()
    {
        for (var i = 0; i < Math.Min(min, 4); i++)
        {
            var index = i;
            if (ValueSummary.Intersect(items.Select(each => each.At(index))).IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    private List<ContainsRule>? Rules()
    {
        var rules = new List<ContainsRule>();
        foreach (var same in contains.GroupBy(atom => (atom.Matching.Id, atom.From)))
        {
            var (least, most) = (same.Max(atom => atom.Min), same.Min(atom => atom.Max));
            if (least > most)
            {
                return null;
            }

            var matching = pool.Of(same.First().Matching);
            rules.Add(new(matching, most == int.MaxValue ? null : matching.Not(), least, most, same.Key.From));
        }

        return rules;
    }
}
