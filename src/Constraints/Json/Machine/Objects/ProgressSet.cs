namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>
/// Ways in which one open object may stand, whose next name is read once for all of them: alternatives that differ in a later property take the same steps
/// until it comes.
/// </summary>
internal sealed class ProgressSet : Interned
{
    private readonly MachineContext context;
    private readonly int[][]? properties;
    private KeyTarget? keyStart;
    private bool isKeyStartKnown;
    private ProgressSet? outline;
    private int[]? outlineOwners;

    /// <param name="members">In order of their ids; a single one is made by <see cref="ObjectProgress.Alone"/>.</param>
    public ProgressSet(MachineContext context, ObjectProgress[] members)
    {
        WorkBudget.Charge(members.Length);
        this.context = context;
        Members = members;
        (Names, properties) = members.Length == 1 ? (members[0].Plan.Names, null) : Merge(members);
        Groups = [.. members.SelectMany((member, index) => Enumerable.Range(0, member.Plan.Others.Length).Select(group => (index, group)))];
    }

    /// <summary>In order of their ids.</summary>
    public ObjectProgress[] Members { get; }

    /// <summary>All names that the plans know, sorted by bytes.</summary>
    public byte[][] Names { get; }

    /// <summary>All groups of other names, with the member that has them.</summary>
    public (int Member, int Group)[] Groups { get; }

    /// <summary>The start of one more name, or null where there cannot be one.</summary>
    public KeyTarget? KeyStart
    {
        get
        {
            if (!isKeyStartKnown)
            {
                keyStart = KeyTarget.Start(context, this);
                isKeyStartKnown = true;
            }

            return keyStart;
        }
    }

    /// <summary>The set of the members' outlines.</summary>
    public ProgressSet Outline => outline ??= Of(context, Members.Select(member => member.Outline));

    /// <param name="members">At least one.</param>
    public static ProgressSet Of(MachineContext context, IEnumerable<ObjectProgress> members)
    {
        ObjectProgress[] sorted = [.. members.Distinct<ObjectProgress>(ReferenceEqualityComparer.Instance).OrderBy(member => member.Id)];
        return sorted.Length == 1 ? sorted[0].Alone : context.Intern(new ProgressSet(context, sorted));
    }

    /// <summary>A member's own index of one of <see cref="Names"/>; negative where its plan does not know the name.</summary>
    public int PropertyOf(int member, int name) => properties is null ? name : properties[member][name];

    /// <summary>Whether some member may have this property next.</summary>
    public bool Allows(int name)
    {
        for (var member = 0; member < Members.Length; member++)
        {
            if (PropertyOf(member, name) is var property and >= 0 && Members[member].Allows(property))
                return true;
        }

        return false;
    }

    /// <summary>Whether a name that may still be of one of some groups must be remembered.</summary>
    public bool Remembers(OwnerSet owners)
    {
        foreach (var owner in owners.Groups)
        {
            var (member, group) = Groups[owner];
            if (Members[member].Remembers(group))
                return true;
        }

        return false;
    }

    /// <summary>The same groups as indices into <see cref="Outline"/>.</summary>
    public OwnerSet OutlineOf(OwnerSet owners)
    {
        outlineOwners ??= FindOutlineOwners();
        return OwnerSet.Of(context, [.. owners.Groups.Select(owner => outlineOwners[owner]).Distinct().Order()]);
    }

    protected override bool IsSame(Interned other) => Members.AsSpan().SequenceEqual(((ProgressSet)other).Members);

    protected override int Hash()
    {
        var hash = new HashCode();
        foreach (var member in Members)
            hash.Add(member.Id);

        return hash.ToHashCode();
    }

    private int[] FindOutlineOwners()
    {
        var places = Outline.Groups.Index().ToDictionary(place => (Outline.Members[place.Item.Member], place.Item.Group), place => place.Index);
        return Array.ConvertAll(Groups, owner => places[(Members[owner.Member].Outline, owner.Group)]);
    }

    private static (byte[][] Names, int[][] Properties) Merge(ObjectProgress[] members)
    {
        var names = new SortedSet<byte[]>(Comparer<byte[]>.Create(static (x, y) => x.AsSpan().SequenceCompareTo(y)));
        foreach (var plan in members.Select(member => member.Plan).Distinct())
            names.UnionWith(plan.Names);

        byte[][] all = [.. names];
        var byPlan = new Dictionary<ObjectPlan, int[]>();
        foreach (var member in members)
        {
            if (!byPlan.ContainsKey(member.Plan))
                byPlan.Add(member.Plan, IndicesIn(member.Plan.Names, all));
        }

        return (all, Array.ConvertAll(members, member => byPlan[member.Plan]));
    }

    private static int[] IndicesIn(byte[][] own, byte[][] all)
    {
        var indices = new int[all.Length];
        var at = 0;
        for (var name = 0; name < all.Length; name++)
            indices[name] = at < own.Length && own[at].AsSpan().SequenceEqual(all[name]) ? at++ : -1;

        return indices;
    }
}
