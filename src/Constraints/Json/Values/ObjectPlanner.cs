using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Values;

/// <summary>Chooses properties for a short value of one object shape.</summary>
internal sealed class ObjectPlanner(ObjectShape shape, LanguagePool texts, CompileBudget budget, Func<SchemaTerm, long?> lengthOf)
{
    // Rules that are divided into groups in every way there is: 203 ways.
    private const int LargestPartition = 6;

    private readonly Dictionary<int, SchemaTerm> named = [];
    private readonly List<(byte[] Name, SchemaTerm Value)> others = [];
    private readonly Dictionary<Language, FreshNames> names = new(ReferenceEqualityComparer.Instance);

    private int Count => this.named.Count + this.others.Count;

    /// <summary>The plan, or null where there is none as far as is known.</summary>
    public ValuePlan? Plan() => Choose() ? Written() : null;

    /// <summary>Chooses the properties. Once.</summary>
    /// <returns>False where there is no value as far as is known.</returns>
    public bool Choose()
    {
        for (var i = 0; i < shape.Named.Count; i++)
        {
            if (shape.Named[i].IsRequired && !Take(i))
            {
                return false;
            }
        }

        if (!WitnessAll())
        {
            return false;
        }

        while (Count < shape.MinProperties)
        {
            if (!Fill())
            {
                return false;
            }
        }

        if (Count <= shape.MaxProperties)
        {
            return true;
        }

        return shape.Dependencies.Count == 0
            ? false
            : throw new ConstraintLimitException(ConstraintBound.States, "An object's maxProperties leaves too little room to see whether the properties that others call for fit.");
    }

    /// <summary>Adds a named property and what it calls for.</summary>
    private bool Take(int index)
    {
        var open = new Stack<int>([index]);
        while (open.TryPop(out var next))
        {
            if (this.named.ContainsKey(next))
            {
                continue;
            }

            if (lengthOf(shape.Named[next].Value) is null)
            {
                return false;
            }

            this.named.Add(next, shape.Named[next].Value);
            budget.ChargeFor(shape.Dependencies.Count);
            foreach (var link in shape.Dependencies)
            {
                if (link.If == next)
                {
                    open.Push(link.Then);
                }
            }
        }

        return true;
    }

    /// <summary>Finds properties for the rules: one for each where there is room, else one for several together.</summary>
    private bool WitnessAll()
    {
        if (shape.Exists.Count + Count <= shape.MaxProperties)
        {
            return shape.Exists.All(Witness);
        }

        var (named, others) = (new Dictionary<int, SchemaTerm>(this.named), this.others.ToArray());
        foreach (var groups in Partitions([.. shape.Exists]).OrderByDescending(groups => groups.Count))
        {
            if (groups.All(Witness) && Count <= shape.MaxProperties)
            {
                return true;
            }

            this.named.Clear();
            this.others.Clear();
            names.Clear();
            this.others.AddRange(others);
            foreach (var (index, value) in named)
            {
                this.named.Add(index, value);
            }
        }

        return false;
    }

    private IEnumerable<List<ExistsRule>> Partitions(List<ExistsRule> rules)
    {
        if (rules.Count > LargestPartition)
        {
            throw new ConstraintLimitException(ConstraintBound.States, $"An object's maxProperties leaves too little room for more than {LargestPartition} properties that must exist.");
        }

        if (rules.Count == 0)
        {
            yield return [];
            yield break;
        }

        foreach (var groups in Partitions(rules[1..]))
        {
            yield return [rules[0], .. groups];
            for (var i = 0; i < groups.Count; i++)
            {
                var joined = new ExistsRule(texts.And(rules[0].Names, groups[i].Names), rules[0].Matching.And(groups[i].Matching));
                yield return [.. groups[..i], joined, .. groups[(i + 1)..]];
            }
        }
    }

    private bool Witness(ExistsRule rule)
    {
        if (this.named.Any(pair => rule.Names.Matches(shape.Named[pair.Key].Name.Span) && ReferenceEquals(pair.Value.And(rule.Matching), pair.Value)))
        {
            return true;
        }

        var options = new List<(bool IsNew, long Length, Action Take)>();
        for (var i = 0; i < shape.Named.Count; i++)
        {
            var index = i;
            var term = (this.named.GetValueOrDefault(i) ?? shape.Named[i].Value).And(rule.Matching);
            if (rule.Names.Matches(shape.Named[i].Name.Span) && lengthOf(term) is { } length && IsOpen(i))
            {
                options.Add((!this.named.ContainsKey(i), length + shape.Named[i].Name.Length, () =>
                {
                    Take(index);
                    this.named[index] = term;
                }
                ));
            }
        }

        for (var i = 0; i < this.others.Count; i++)
        {
            var index = i;
            var term = this.others[i].Value.And(rule.Matching);
            if (rule.Names.Matches(this.others[i].Name) && lengthOf(term) is { } length)
            {
                options.Add((false, length, () => this.others[index] = (this.others[index].Name, term)));
            }
        }

        foreach (var other in shape.Others)
        {
            var term = other.Value.And(rule.Matching);
            if (lengthOf(term) is { } length && FreshName(texts.And(other.Names, rule.Names)) is { } name)
            {
                options.Add((true, length + name.Length, () => this.others.Add((name, term))));
            }
        }

        if (options.Count == 0)
        {
            return false;
        }

        var isFull = Count >= shape.MaxProperties;
        options.MinBy(option => (isFull && option.IsNew, option.Length)).Take();
        return true;
    }

    /// <summary>Adds one more property, a short one.</summary>
    private bool Fill()
    {
        budget.ChargeFor(shape.Named.Count);
        var best = (Length: long.MaxValue, Index: -1);
        for (var i = 0; i < shape.Named.Count; i++)
        {
            if (!this.named.ContainsKey(i) && lengthOf(shape.Named[i].Value) is { } value && value + shape.Named[i].Name.Length < best.Length && IsOpen(i))
            {
                best = (value + shape.Named[i].Name.Length, i);
            }
        }

        (byte[] Name, SchemaTerm Value)? fresh = null;
        foreach (var other in shape.Others)
        {
            if (lengthOf(other.Value) is { } value && FreshName(other.Names) is { } name && value + name.Length < best.Length)
            {
                best = (value + name.Length, -1);
                fresh = (name, other.Value);
            }
        }

        if (fresh is { } property)
        {
            this.others.Add(property);
            return true;
        }

        return best.Index >= 0 && Take(best.Index);
    }

    /// <summary>Whether a property can be there with all that it calls for.</summary>
    private bool IsOpen(int index)
    {
        var seen = new HashSet<int> { index };
        var open = new Stack<int>([index]);
        while (open.TryPop(out var i))
        {
            budget.ChargeFor(shape.Dependencies.Count);
            if (lengthOf(shape.Named[i].Value) is null)
            {
                return false;
            }

            foreach (var link in shape.Dependencies)
            {
                if (link.If == i && seen.Add(link.Then))
                {
                    open.Push(link.Then);
                }
            }
        }

        return true;
    }

    private byte[]? FreshName(Language language)
    {
        if (!names.TryGetValue(language, out var fresh))
        {
            names.Add(language, fresh = new FreshNames(language));
        }

        return fresh.Next(name => this.others.Exists(other => other.Name.AsSpan().SequenceEqual(name)), budget);
    }

    private ValuePlan Written()
    {
        var plan = new ValuePlan();
        plan.Add("{"u8);
        var isFirst = true;
        foreach (var (name, value) in this.named.OrderBy(pair => pair.Key).Select(pair => (shape.Named[pair.Key].Name.ToArray(), pair.Value)).Concat(this.others))
        {
            plan.Add([.. isFirst ? ""u8 : ","u8, .. JsonText.Quote(name), (byte)':']);
            plan.Add(value);
            isFirst = false;
        }

        plan.Add("}"u8);
        return plan;
    }
}
