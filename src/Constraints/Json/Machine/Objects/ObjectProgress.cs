using System.Buffers;
using System.Numerics;
using Penstock.Constraints.Json.Machine.Texts;

namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>
/// Which properties an open object has so far, apart from what it is nested in. One that is <see cref="IsAlive"/> can be ended whatever its
/// last property's value was.
/// </summary>
internal sealed class ObjectProgress : Interned
{
    private readonly MachineContext context;
    private readonly ulong[] seen;
    private readonly PropertyStart[]?[] starts;
    private ObjectEnding? ending;
    private bool isEnded;
    private ObjectProgress? outline;
    private ProgressSet? alone;

    public ObjectProgress(MachineContext context, ObjectPlan plan, ulong[] seen, int count, TextSet? others, bool isOutline, ulong outstanding)
    {
        this.context = context;
        this.seen = seen;
        starts = new PropertyStart[plan.Names.Length][];
        Plan = plan;
        Count = count;
        Others = others;
        IsOutline = isOutline;
        Outstanding = outstanding;
    }

    public ObjectPlan Plan { get; }

    /// <summary>How many properties there are; where nothing bounds it from above, no more than what the lower bound needs to know.</summary>
    public int Count { get; }

    /// <summary>The names that the plan does not know by themselves; null where they are not remembered.</summary>
    public TextSet? Others { get; }

    /// <summary>Whether only those names are remembered whose groups may run out of them.</summary>
    public bool IsOutline { get; }

    /// <summary>The rules of existence that are still to be met.</summary>
    public ulong Outstanding { get; }

    public bool IsAlive => Ending is not null;

    public bool CanClose => Ending is { Properties.Count: 0 };

    /// <summary>Bytes from here, after a value or the opening brace, to the closing brace.</summary>
    public long EndLength => Ending!.Length;

    /// <summary>The set of this one alone.</summary>
    public ProgressSet Alone => alone ??= context.Intern(new ProgressSet(context, [this]));

    /// <summary>Whether one more property may follow.</summary>
    public bool MayGoOn => Alone.KeyStart is not null;

    /// <summary>This without the names that were there, unless they may run out.</summary>
    public ObjectProgress Outline => outline ??= Others is null || IsOutline ? this : MakeOutline();

    private ObjectEnding? Ending
    {
        get
        {
            if (!isEnded)
            {
                ending = ObjectEnding.Of(context, this);
                isEnded = true;
            }

            return ending;
        }
    }

    public bool Has(int property) => (seen[property >> 6] & (1UL << property)) != 0;

    /// <summary>Whether the object may have this property next.</summary>
    public bool Allows(int property)
    {
        if (Has(property) || !Plan[property].Value.IsSatisfiable)
            return false;

        // Without rules between properties only a bound on their number stands in the way.
        return Plan.IsSimple && Plan.Shape.MaxProperties == int.MaxValue || StartsOf(property).Length > 0;
    }

    /// <summary>What may follow the name of a property that the plan knows.</summary>
    public PropertyStart[] StartsOf(int property)
    {
        if (Has(property))
            return [];

        return starts[property] ??= [.. Choices(
            Plan.RulesFor(Plan.Names[property], Outstanding),
            rules => Plan.NamedTerm(property, rules),
            rules => WithNamed(property, rules))];
    }

    /// <summary>What may follow another name, given where it is remembered.</summary>
    public PropertyStart[] StartsOf(int group, byte[]? name) => [.. Choices(
        Outstanding & Plan.Others[group].Rules,
        rules => Plan.OtherTerm(group, rules),
        rules => WithOther(group, name, rules))];

    /// <summary>Whether a name that may still be of a group must be remembered.</summary>
    public bool Remembers(int group) => Others is not null && (!IsOutline || Plan.IsFew(group));

    public void WriteEnd(IBufferWriter<byte> output)
    {
        var isFirst = Count == 0;
        foreach (var (name, value) in Ending!.Properties)
        {
            output.Write(isFirst ? "\""u8 : ",\""u8);
            JsonText.Write(output, name);
            output.Write("\":"u8);
            value.WriteShortest(output);
            isFirst = false;
        }

        output.Write("}"u8);
    }

    protected override bool IsSame(Interned other)
    {
        var progress = (ObjectProgress)other;
        return ReferenceEquals(Plan, progress.Plan) && Count == progress.Count && Outstanding == progress.Outstanding
            && ReferenceEquals(Others, progress.Others) && IsOutline == progress.IsOutline && seen.AsSpan().SequenceEqual(progress.seen);
    }

    protected override int Hash()
    {
        var hash = new HashCode();
        hash.Add(Plan);
        hash.Add(Count);
        hash.Add(Outstanding);
        hash.Add(Others);
        hash.Add(IsOutline);
        foreach (var bits in seen)
            hash.Add(bits);

        return hash.ToHashCode();
    }

    private ObjectProgress WithNamed(int property, ulong rules)
    {
        ulong[] with = [.. seen];
        with[property >> 6] |= 1UL << property;
        return context.Intern(new ObjectProgress(context, Plan, with, CountOneMore(), Others, IsOutline, Outstanding & ~rules));
    }

    private ObjectProgress WithOther(int group, byte[]? name, ulong rules)
    {
        var isRemembered = name is not null && Others is not null && (!IsOutline || Plan.IsFew(group));
        return context.Intern(new ObjectProgress(
            context, Plan, seen, CountOneMore(), isRemembered ? Others!.With(context, name!) : Others, IsOutline, Outstanding & ~rules));
    }

    private ObjectProgress MakeOutline()
    {
        var few = TextSet.Empty;
        for (var i = 0; i < Others!.Count; i++)
        {
            for (var group = 0; group < Plan.Others.Length; group++)
            {
                if (Plan.IsFew(group) && Plan.Others[group].Names.Matches(Others[i]))
                    few = few.With(context, Others[i]);
            }
        }

        return context.Intern(new ObjectProgress(context, Plan, seen, Count, few, true, Outstanding));
    }

    private int CountOneMore() =>
        Plan.Shape.MaxProperties == int.MaxValue && Count >= Math.Max(1, Plan.Shape.MinProperties) ? Count : Count + 1;

    /// <summary>The ways to read a value: for each set of rules that it may count for, and none where it counts for those anyway.</summary>
    private static List<PropertyStart> Choices(ulong applicable, Func<ulong, Shapes.SchemaTerm> termOf, Func<ulong, ObjectProgress> nextOf)
    {
        var certain = 0UL;
        var plain = termOf(0);
        for (var rules = applicable; rules != 0; rules &= rules - 1)
        {
            var rule = rules & (0 - rules);
            if (ReferenceEquals(termOf(rule), plain))
                certain |= rule;
        }

        var open = applicable & ~certain;
        var choices = new List<PropertyStart>();
        var fewRules = BitOperations.PopCount(open) <= 6;
        for (var rules = open; ; rules = fewRules || rules == 0 ? (rules - 1) & open : 0)
        {
            var term = termOf(rules | certain);
            if (term.IsSatisfiable && nextOf(rules | certain) is { IsAlive: true } next)
                choices.Add(new(term, next));

            if (rules == 0)
                return choices;
        }
    }
}
