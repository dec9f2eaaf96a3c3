using System.Text;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Formulas.Atoms;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>Intersects conditions on an object. What required properties may be is kept as a summary, since that is what tells most alternatives apart.</summary>
internal sealed class ObjectBuilder(TermPool pool) : ShapeBuilder
{
    // How many schemas within schemas are looked into to see that a property is as a condition wants it anyway.
    private const int LookedInto = 3;

    private List<PropertiesAtom> groups = [];
    private List<PropertyNamesAtom> allowed = [];
    private List<ExistsAtom> exists = [];
    private List<DependencyAtom> dependencies = [];
    private Dictionary<string, ValueSummary> required = [];
    private int min;
    private int max = int.MaxValue;

    public override bool Add(Atom atom)
    {
        switch (atom)
        {
            case PropertiesAtom properties:
                return AddGroup(properties);
            case RequiredAtom more:
                return Require(more.Names);
            case PropertyCountAtom count:
                min = Math.Max(min, count.Min);
                max = Math.Min(max, count.Max);
                return min <= max && required.Count <= max;
            case PropertyNamesAtom names:
                allowed.Add(names);
                return required.Keys.All(name => names.Names.Matches(Encoding.UTF8.GetBytes(name)));
            case ExistsAtom exists:
                this.exists.Add(exists);
                min = Math.Max(min, 1);
                return min <= max;
            case DependencyAtom dependency:
                dependencies.Add(dependency);
                return !required.ContainsKey(dependency.Name) || Require(dependency.Others);
            default:
                throw new InvalidOperationException("A condition that is not one on objects.");
        }
    }

    public override ShapeBuilder Clone() => new ObjectBuilder(pool)
    {
        groups = [.. groups],
        allowed = [.. allowed],
        exists = [.. this.exists],
        dependencies = [.. dependencies],
        required = new(required),
        min = min,
        max = max,
    };

    public override bool Excludes(Atom atom) => atom switch
    {
        RequiredAtom more => more.Names.Any(name => !required.ContainsKey(name) && (required.Count == max || !IsAllowed(name) || SummaryOf(name).IsEmpty)),
        PropertiesAtom group => required.Any(property => Excludes(group, property.Key, property.Value)),
        _ => false,
    };

    /// <inheritdoc/>
    /// <remarks>A property that must be there and be as what is known of it does not allow.</remarks>
    public override bool Excludes(AllFormula together) =>
        FormulaPool.OfProperty(together, pool.Formulas.True) is (var name, var value, true)
        && (!SummaryOf(name).Overlaps(value.Summary) || Contradicts(name, null, [value]));

    public override bool Implies(Atom atom) => atom switch
    {
        RequiredAtom some => some.Names.All(required.ContainsKey),
        PropertiesAtom { Named.Count: 1, Patterns.Count: 0 } single when ReferenceEquals(single.Additional, pool.Formulas.True) =>
            HoldsFor(single.Named.Keys.First(), single.Named.Values.First()),
        ExistsAtom some => required.Any(property => some.Matching.HoldsFor(property.Value, LookedInto) && some.Names.Matches(Encoding.UTF8.GetBytes(property.Key))),
        PropertyCountAtom count => Math.Max(min, required.Count) >= count.Min && max <= count.Max,
        _ => false,
    };

    public override ValueShape? Build()
    {
        var all = Names();
        var named = new List<(string Name, SchemaTerm Value, bool IsRequired)>(all.Count);
        foreach (var name in all)
        {
            var value = IsAllowed(name) ? ValueOf(name) : pool.None;
            var isRequired = required.ContainsKey(name);
            if (isRequired && pool.IsPlainlyEmpty(value))
            {
                return null;
            }

            named.Add((name, value, isRequired));
        }

        var others = pool.OthersOf(groups, allowed, all);
        return new ObjectAssembly(pool, named, others, this.exists, dependencies, min, max).Shape();
    }

    /// <summary>Whether a property, where it is there, is of a formula anyway.</summary>
    private bool HoldsFor(string name, Formula value)
    {
        var summary = required.TryGetValue(name, out var known) ? known : SummaryOf(name);
        var complement = pool.Formulas.KnownComplement(value);
        return value.HoldsFor(summary, LookedInto)
            || (complement is not null && !summary.Overlaps(complement.Summary))
            || groups.Exists(group => group.Named.TryGetValue(name, out var other) && SaysTheSame(other));

        bool SaysTheSame(Formula other) => FormulaEquality.AreSame(value, other)
            || (complement is not null && pool.Formulas.KnownComplement(other) is { } counterpart && FormulaEquality.AreSame(complement, counterpart));
    }

    private bool AddGroup(PropertiesAtom group)
    {
        groups.Add(group);
        foreach (var (name, summary) in required)
        {
            if (Excludes(group, name, summary))
            {
                return false;
            }

            required[name] = summary.Intersect(SummaryOf(group, name));
        }

        return true;
    }

    /// <summary>Whether a group leaves nothing for a property that must be there.</summary>
    private bool Excludes(PropertiesAtom group, string name, ValueSummary summary)
    {
        var conditions = new List<Formula>();
        group.AddValueOf(name, conditions);
        return !summary.Overlaps(ValueSummary.Intersect(conditions)) || Contradicts(name, group, conditions);
    }

    private static ValueSummary SummaryOf(PropertiesAtom group, string name)
    {
        var conditions = new List<Formula>();
        group.AddValueOf(name, conditions);
        return ValueSummary.Intersect(conditions);
    }

    /// <summary>Whether a condition on a property is the complement of one from another group.</summary>
    private bool Contradicts(string name, PropertiesAtom? group, List<Formula> conditions)
    {
        foreach (var condition in conditions)
        {
            if ((pool.Formulas.KnownComplement(condition) ?? pool.Formulas.KnownComplement(condition.Core)) is not { } complement)
            {
                continue;
            }

            foreach (var other in groups)
            {
                if (!ReferenceEquals(other, group) && other.Named.TryGetValue(name, out var value) && FormulaEquality.AreSame(value, complement))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Adds properties that must be there, and those that they call for.</summary>
    private bool Require(IEnumerable<string> names)
    {
        var open = new Stack<string>(names.Reverse());
        while (open.TryPop(out var name))
        {
            if (required.ContainsKey(name))
            {
                continue;
            }

            var summary = SummaryOf(name);
            required.Add(name, summary);
            if (summary.IsEmpty || ReferenceEquals(ValueOf(name), pool.None) || required.Count > max || !IsAllowed(name))
            {
                return false;
            }

            pool.Formulas.Budget.ChargeFor(dependencies.Count);
            foreach (var dependency in dependencies)
            {
                for (var i = dependency.Name == name ? dependency.Others.Count - 1 : -1; i >= 0; i--)
                {
                    open.Push(dependency.Others[i]);
                }
            }
        }

        return true;
    }

    private bool IsAllowed(string name) => allowed.Count == 0 || allowed.All(names => names.Names.Matches(Encoding.UTF8.GetBytes(name)));

    private ValueSummary SummaryOf(string name) => ValueSummary.Intersect(ConditionsOn(name));

    private SchemaTerm ValueOf(string name) => pool.Of(ConditionsOn(name));

    private List<Formula> ConditionsOn(string name)
    {
        pool.Formulas.Budget.ChargeFor(groups.Count);
        var conditions = new List<Formula>();
        foreach (var group in groups)
        {
            group.AddValueOf(name, conditions);
        }

        return conditions;
    }

    /// <summary>Every name that some condition knows, in the order of the schema.</summary>
    private List<string> Names()
    {
        var known = new HashSet<string>();
        var all = new List<string>();
        foreach (var name in groups.SelectMany(group => group.Named.Keys).Concat(required.Keys)
            .Concat(dependencies.SelectMany(dependency => dependency.Others.Prepend(dependency.Name))))
        {
            if (known.Add(name))
            {
                all.Add(name);
            }
        }

        return all;
    }
}
