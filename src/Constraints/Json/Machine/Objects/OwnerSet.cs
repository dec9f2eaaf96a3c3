namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>Groups of names (indices into <see cref="ProgressSet.Groups"/>), ascending.</summary>
internal sealed class OwnerSet : Interned
{
    private OwnerSet(int[] groups) => Groups = groups;

    public int[] Groups { get; }

    /// <param name="groups">Ascending.</param>
    public static OwnerSet Of(MachineContext context, int[] groups) => context.Intern(new OwnerSet(groups));

    /// <summary>All groups of some sets, at least one.</summary>
    public static OwnerSet Union(MachineContext context, IEnumerable<OwnerSet> sets)
    {
        OwnerSet[] distinct = [.. sets.Distinct<OwnerSet>(ReferenceEqualityComparer.Instance)];
        return distinct.Length == 1 ? distinct[0] : Of(context, [.. distinct.SelectMany(set => set.Groups).Distinct().Order()]);
    }

    protected override bool IsSame(Interned other) => Groups.AsSpan().SequenceEqual(((OwnerSet)other).Groups);

    protected override int Hash()
    {
        var hash = default(HashCode);
        foreach (var group in Groups)
            hash.Add(group);

        return hash.ToHashCode();
    }
}
