using System.Text;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Formulas.Atoms;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>Intersects conditions on an object. What required properties may be is kept as a summary, since that is what tells most alternatives apart.</summary>
internal sealed class ObjectBuilder(TermPool pool) : ShapeBuilder
{
    private List<PropertiesAtom> _groups = [];
    private List<PropertyNamesAtom> _names = [];
    private List<ExistsAtom> _exists = [];
    private List<DependencyAtom> _dependencies = [];
    private Dictionary<string, ValueSummary> _required = [];
    private int _min;
    private int _max = int.MaxValue;

    public override bool Add(Atom atom)
    {
        switch (atom)
        {
            case PropertiesAtom properties:
                return AddGroup(properties);
            case RequiredAtom required:
                return required.Names.All(Require);
            case PropertyCountAtom count:
                _min = Math.Max(_min, count.Min);
                _max = Math.Min(_max, count.Max);
                return _min <= _max && _required.Count <= _max;
            case PropertyNamesAtom names:
                _names.Add(names);
                return _required.Keys.All(name => names.Names.Matches(Encoding.UTF8.GetBytes(name)));
            case ExistsAtom exists:
                _exists.Add(exists);
                _min = Math.Max(_min, 1);
                return _min <= _max;
            case DependencyAtom dependency:
                _dependencies.Add(dependency);
                return !_required.ContainsKey(dependency.Name) || dependency.Others.All(Require);
            default:
                throw new InvalidOperationException("A condition that is not one on objects.");
        }
    }

    public override ShapeBuilder Clone() => new ObjectBuilder(pool)
    {
        _groups = [.. _groups],
        _names = [.. _names],
        _exists = [.. _exists],
        _dependencies = [.. _dependencies],
        _required = new(_required),
        _min = _min,
        _max = _max,
    };

    public override bool Implies(Atom atom) => atom switch
    {
        RequiredAtom required => required.Names.All(_required.ContainsKey),
        PropertiesAtom { Named.Count: 1, Patterns.Count: 0 } single when ReferenceEquals(single.Additional, pool.Formulas.True) =>
            ReferenceEquals(single.Named.Values.First(), pool.Formulas.False) && SummaryOf(single.Named.Keys.First()).IsEmpty,
        _ => false,
    };

    public override ValueShape? Build()
    {
        var names = Names();
        var named = new List<(string Name, SchemaTerm Value, bool IsRequired)>(names.Count);
        foreach (var name in names)
        {
            var value = IsAllowed(name) ? ValueOf(name) : pool.None;
            var isRequired = _required.ContainsKey(name);
            if (isRequired && pool.IsPlainlyEmpty(value))
            {
                return null;
            }

            named.Add((name, value, isRequired));
        }

        var others = pool.OthersOf(_groups, _names, names);
        return new ObjectAssembly(pool, named, others, _exists, _dependencies, _min, _max).Shape();
    }

    private bool AddGroup(PropertiesAtom group)
    {
        _groups.Add(group);
        foreach (var (name, summary) in _required)
        {
            var conditions = new List<Formula>();
            group.AddValueOf(name, conditions);
            var narrower = summary.Intersect(ValueSummary.Intersect(conditions));
            if (narrower.IsEmpty || Contradicts(name, group, conditions))
            {
                return false;
            }

            _required[name] = narrower;
        }

        return true;
    }

    /// <summary>Whether a condition on a property is the complement of one from another group.</summary>
    private bool Contradicts(string name, PropertiesAtom group, List<Formula> conditions)
    {
        foreach (var condition in conditions)
        {
            if (pool.Formulas.KnownComplement(condition.Core) is not { } complement)
            {
                continue;
            }

            foreach (var other in _groups)
            {
                if (!ReferenceEquals(other, group) && other.Named.TryGetValue(name, out var value) && ReferenceEquals(value.Core, complement))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool Require(string name)
    {
        if (_required.ContainsKey(name))
        {
            return true;
        }

        var summary = SummaryOf(name);
        _required.Add(name, summary);
        return !summary.IsEmpty && !ReferenceEquals(ValueOf(name), pool.None) && _required.Count <= _max && IsAllowed(name)
            && _dependencies.All(dependency => dependency.Name != name || dependency.Others.All(Require));
    }

    private bool IsAllowed(string name) => _names.Count == 0 || _names.All(names => names.Names.Matches(Encoding.UTF8.GetBytes(name)));

    private ValueSummary SummaryOf(string name) => ValueSummary.Intersect(ConditionsOn(name));

    private SchemaTerm ValueOf(string name) => pool.Of(ConditionsOn(name));

    private List<Formula> ConditionsOn(string name)
    {
        var conditions = new List<Formula>();
        foreach (var group in _groups)
        {
            group.AddValueOf(name, conditions);
        }

        return conditions;
    }

    /// <summary>Every name that some condition knows, in the order of the schema.</summary>
    private List<string> Names()
    {
        var known = new HashSet<string>();
        var names = new List<string>();
        foreach (var name in _groups.SelectMany(group => group.Named.Keys).Concat(_required.Keys)
            .Concat(_dependencies.SelectMany(dependency => dependency.Others.Prepend(dependency.Name))))
        {
            if (known.Add(name))
            {
                names.Add(name);
            }
        }

        return names;
    }
}
