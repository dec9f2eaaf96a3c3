using System.Numerics;
using Penstock.Constraints.Json.Machine.Texts;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>The properties that an open object still needs, chosen so that all its rules are met; found by a search with backtracking over rules of existence.</summary>
internal sealed class ObjectEnding
{
    /// <summary>Choices that one search may try. Beyond it an object counts as one without an ending: valid ones may be lost, no invalid one is let in.</summary>
    private const int MostTries = 10_000;

    private const int NamesOfAStep = 16;

    private readonly MachineContext context;
    private readonly ObjectProgress progress;
    private readonly ObjectPlan plan;
    private readonly Dictionary<int, ulong> needed = [];
    private readonly List<(int Group, ulong Rules)> extra = [];
    private int tries;

    private ObjectEnding(MachineContext context, ObjectProgress progress) => (this.context, this.progress, plan) = (context, progress, progress.Plan);

    public List<PropertyPlan> Properties { get; } = [];

    /// <summary>Bytes of the properties and the closing brace.</summary>
    public long Length { get; private set; } = 1;

    private bool IsTooMany => progress.Count + needed.Count + extra.Count > plan.Shape.MaxProperties;

    /// <summary>The ending of an object, or null where it has none.</summary>
    public static ObjectEnding? Of(MachineContext context, ObjectProgress progress)
    {
        WorkBudget.Charge(1 + (progress.Plan.Names.Length / NamesOfAStep));
        var ending = new ObjectEnding(context, progress);
        return ending.Search() && ending.Write() ? ending : null;
    }

    private bool Search()
    {
        for (var i = 0; i < plan.Names.Length; i++)
        {
            if (plan[i].IsRequired && !progress.Has(i) && !Need(i, null))
                return false;
        }

        foreach (var (trigger, wanted) in plan.Dependencies)
        {
            if (progress.Has(trigger) && !progress.Has(wanted) && !Need(wanted, null))
                return false;
        }

        return !IsTooMany && MeetRules(progress.Outstanding) && ReachLeast();
    }

    /// <summary>Takes in a property and those that it calls for; what was added is noted, so that it can be taken back.</summary>
    private bool Need(int property, List<int>? added)
    {
        if (progress.Has(property) || needed.ContainsKey(property))
            return true;

        if (!plan[property].Value.IsSatisfiable)
            return false;

        needed.Add(property, 0);
        added?.Add(property);
        foreach (var (trigger, wanted) in plan.Dependencies)
        {
            if (trigger == property && !Need(wanted, added))
                return false;
        }

        return true;
    }

    private bool MeetRules(ulong rules)
    {
        if (rules == 0)
            return true;

        var rule = BitOperations.TrailingZeroCount(rules);
        var rest = rules & (rules - 1);

        // What comes anyway first.
        foreach (var property in needed.Keys.ToArray())
        {
            if (Counts(property, rule) && MeetBy(property, rule, rest))
                return true;
        }

        foreach (var property in plan.SchemaOrder.ToArray())
        {
            if (progress.Has(property) || needed.ContainsKey(property) || !Counts(property, rule))
                continue;

            var added = new List<int>();
            if (Need(property, added) && !IsTooMany && MeetBy(property, rule, rest))
                return true;

            added.ForEach(index => needed.Remove(index));
        }

        // One more free name may count for several rules.
        for (var i = 0; i < extra.Count; i++)
        {
            var (group, before) = extra[i];
            if (!IsPossible(group, before | (1UL << rule)))
                continue;

            extra[i] = (group, before | (1UL << rule));
            if (MeetRules(rest))
                return true;

            extra[i] = (group, before);
        }

        for (var group = 0; group < plan.Others.Length; group++)
        {
            if (!IsPossible(group, 1UL << rule))
                continue;

            extra.Add((group, 1UL << rule));
            if (!IsTooMany && MeetRules(rest))
                return true;

            extra.RemoveAt(extra.Count - 1);
        }

        return false;
    }

    private bool IsPossible(int group, ulong rules) =>
        MayTry() && (rules & ~plan.Others[group].Rules) == 0 && plan.OtherTerm(group, rules).IsSatisfiable;

    private bool Counts(int property, int rule) =>
        MayTry() && plan.RulesFor(plan.Names[property], 1UL << rule) != 0;

    private bool MayTry()
    {
        WorkBudget.Charge();
        return ++tries <= MostTries;
    }

    private bool MeetBy(int property, int rule, ulong rest)
    {
        var before = needed[property];
        needed[property] = before | (1UL << rule);
        if (plan.NamedTerm(property, needed[property]).IsSatisfiable && MeetRules(rest))
            return true;

        needed[property] = before;
        return false;
    }

    /// <summary>Fills up to the least number of properties.</summary>
    private bool ReachLeast()
    {
        var least = plan.Shape.MinProperties;
        foreach (var property in plan.SchemaOrder)
        {
            if (progress.Count + needed.Count + extra.Count >= least)
                return true;

            if (progress.Has(property) || needed.ContainsKey(property))
                continue;

            var added = new List<int>();
            if (!Need(property, added) || IsTooMany)
                added.ForEach(index => needed.Remove(index));
        }

        // Names of the groups in turn; how many a group has is found when they are written.
        for (var group = 0; group < plan.Others.Length; group++)
        {
            if (!plan.OtherTerm(group, 0).IsSatisfiable)
                continue;

            var left = TextCount.Of(plan.Others[group].Names.Start);
            for (var taken = 0; left < long.MaxValue && progress.Others is { } others && taken < others.Count; taken++)
                left -= plan.Others[group].Names.Matches(others[taken]) ? 1 : 0;

            left -= left < long.MaxValue ? extra.Count(entry => entry.Group == group) : 0;
            for (; left > 0 && progress.Count + needed.Count + extra.Count < least; left--)
                extra.Add((group, 0));
        }

        return progress.Count + needed.Count + extra.Count >= least && !IsTooMany;
    }

    private bool Write()
    {
        foreach (var property in plan.SchemaOrder)
        {
            if (needed.TryGetValue(property, out var rules))
                Add(plan.Names[property], plan.NamedTerm(property, rules));
        }

        var taken = progress.Others ?? TextSet.Empty;
        foreach (var (group, rules) in extra)
        {
            if (TextSearch.ShortestOutside(context, plan.Others[group].Names, taken) is not { } name)
                return false;

            taken = taken.With(context, name);
            Add(name, plan.OtherTerm(group, rules));
        }

        Length -= progress.Count == 0 && Properties.Count > 0 ? 1 : 0;
        return true;
    }

    private void Add(byte[] name, SchemaTerm value)
    {
        Properties.Add(new(name, value));
        Length += JsonText.LengthOf(name) + 4 + value.ShortestLength;
    }
}
