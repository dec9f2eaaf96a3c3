using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Formulas.Atoms;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>Intersects conditions on an array.</summary>
internal sealed class ArrayBuilder(TermPool pool) : ShapeBuilder
{
    private List<ItemsAtom> _items = [];
    private List<ContainsAtom> _contains = [];
    private int _min;
    private int _max = int.MaxValue;
    private bool _isUnique;

    public override bool Add(Atom atom)
    {
        switch (atom)
        {
            case ItemCountAtom count:
                _min = Math.Max(_min, count.Min);
                _max = Math.Min(_max, count.Max);
                break;
            case UniqueAtom:
                _isUnique = true;
                break;
            case ContainsAtom contains when !_contains.Contains(contains):
                _contains.Add(contains);
                _min = Math.Max(_min, contains.Min == 0 ? 0 : contains.Min + contains.From);
                break;
            case ItemsAtom items when !_items.Contains(items):
                _items.Add(items);
                break;
        }

        return _min <= _max && !LacksItem();
    }

    public override ShapeBuilder Clone() =>
        new ArrayBuilder(pool) { _items = [.. _items], _contains = [.. _contains], _min = _min, _max = _max, _isUnique = _isUnique };

    public override ValueShape? Build()
    {
        var length = _items.Count == 0 ? 0 : _items.Max(items => items.Prefix.Count);
        var prefix = new List<SchemaTerm>();
        var max = _max;
        for (var i = 0; i < length && i < max; i++)
        {
            var term = pool.Of(_items.Select(items => items.At(i)));
            if (pool.IsPlainlyEmpty(term))
            {
                max = i;
            }
            else
            {
                prefix.Add(term);
            }
        }

        var rest = pool.Of(_items.Select(items => items.Rest));
        if (max > length && pool.IsPlainlyEmpty(rest))
        {
            max = Math.Min(max, length);
        }

        var rules = Rules();
        if (_min > max || rules is null)
        {
            return null;
        }

        return new ArrayShape(prefix, rest) { MinItems = _min, MaxItems = max, Contains = rules, Unique = _isUnique && max > 1 };
    }

    /// <summary>Whether an item that must be there has nothing that it could be. Looks at few: the search only prunes by it.</summary>
    private bool LacksItem()
    {
        for (var i = 0; i < Math.Min(_min, 4); i++)
        {
            var index = i;
            if (ValueSummary.Intersect(_items.Select(items => items.At(index))).IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    private List<ContainsRule>? Rules()
    {
        var rules = new List<ContainsRule>();
        foreach (var same in _contains.GroupBy(atom => (atom.Matching.Id, atom.From)))
        {
            var (min, max) = (same.Max(atom => atom.Min), same.Min(atom => atom.Max));
            if (min > max)
            {
                return null;
            }

            var matching = pool.Of(same.First().Matching);
            rules.Add(new(matching, max == int.MaxValue ? null : matching.Not(), min, max, same.Key.From));
        }

        return rules;
    }
}
