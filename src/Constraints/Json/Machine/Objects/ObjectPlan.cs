using Penstock.Constraints.Json.Machine.Texts;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>An <see cref="ObjectShape"/> made ready for reading: names in order of their bytes, and memos. Indices of properties are into <see cref="Names"/>.</summary>
internal sealed class ObjectPlan
{
    private readonly MachineContext context;
    private readonly NamedProperty[] named;
    private readonly Dictionary<(int Property, ulong Rules), SchemaTerm> namedTerms = [];
    private readonly Dictionary<(int Group, ulong Rules), SchemaTerm> otherTerms = [];
    private readonly int[] schemaOrder;
    private readonly bool?[] isFew;

    public ObjectPlan(MachineContext context, ObjectShape shape)
    {
        this.context = context;
        Shape = shape;
        named = [.. shape.Named];
        schemaOrder = [.. Enumerable.Range(0, named.Length)];
        Names = [.. named.Select(property => property.Name.ToArray())];

        // Sorted together; the schema's order is kept for endings, which read best in it.
        Array.Sort(Names, schemaOrder, Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y)));
        named = [.. schemaOrder.Select(index => named[index])];
        var place = new int[named.Length];
        for (var i = 0; i < place.Length; i++)
            place[schemaOrder[i]] = i;

        schemaOrder = place;
        Dependencies = [.. shape.Dependencies.Select(rule => (place[rule.If], place[rule.Then]))];
        if (shape.Exists.Count > 64)
            throw new ConstraintLimitException(ConstraintBound.States, $"An object has {shape.Exists.Count} rules about what some property must be; at most 64 are followed.");

        AllRules = shape.Exists.Count == 0 ? 0 : ulong.MaxValue >> (64 - shape.Exists.Count);
        Others = AllRules == 0 ? [.. shape.Others.Select(others => new OtherNames(others.Names, others.Value, 0))] : OtherNames.Split(context.Texts, shape);
        isFew = new bool?[Others.Length];
    }

    public ObjectShape Shape { get; }

    /// <summary>The names, sorted by bytes.</summary>
    public byte[][] Names { get; }

    public (int If, int Then)[] Dependencies { get; }

    /// <summary>The names that are not known by themselves, in groups of which the value and the rules are the same for every name.</summary>
    public OtherNames[] Others { get; }

    /// <summary>A bit for each rule of <see cref="ObjectShape.Exists"/>.</summary>
    public ulong AllRules { get; }

    /// <summary>Whether neither dependencies nor rules about existence make the order of questions matter.</summary>
    public bool IsSimple => Dependencies.Length == 0 && AllRules == 0;

    /// <summary>Whether a group's language is so small that its names may run out.</summary>
    public bool IsFew(int group) => isFew[group] ??= TextCount.Of(Others[group].Names.Start) < 1_000;

    /// <summary>Indices of the properties in the schema's order.</summary>
    public ReadOnlySpan<int> SchemaOrder => schemaOrder;

    public NamedProperty this[int property] => named[property];

    public ObjectProgress Start() => context.Intern(new ObjectProgress(
        context, this, new ulong[(named.Length + 63) / 64], 0, Others.Length == 0 ? null : TextSet.Empty, false, AllRules));

    /// <summary>A property's value that counts for some rules as well.</summary>
    public SchemaTerm NamedTerm(int property, ulong rules)
    {
        if (rules == 0)
            return named[property].Value;

        if (!namedTerms.TryGetValue((property, rules), out var term))
            namedTerms.Add((property, rules), term = Narrow(named[property].Value, rules));

        return term;
    }

    public SchemaTerm OtherTerm(int group, ulong rules)
    {
        if (rules == 0)
            return Others[group].Value;

        if (!otherTerms.TryGetValue((group, rules), out var term))
            otherTerms.Add((group, rules), term = Narrow(Others[group].Value, rules));

        return term;
    }

    /// <summary>The rules among some for which a name counts.</summary>
    public ulong RulesFor(ReadOnlySpan<byte> name, ulong among)
    {
        for (var rules = among; rules != 0; rules &= rules - 1)
        {
            var rule = System.Numerics.BitOperations.TrailingZeroCount(rules);
            if (!Shape.Exists[rule].Names.Matches(name))
                among &= ~(1UL << rule);
        }

        return among;
    }

    private SchemaTerm Narrow(SchemaTerm term, ulong rules)
    {
        for (; rules != 0; rules &= rules - 1)
            term = term.And(Shape.Exists[System.Numerics.BitOperations.TrailingZeroCount(rules)].Matching);

        return term;
    }
}
