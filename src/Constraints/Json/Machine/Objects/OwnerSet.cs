namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>Groups of names (indices into <see cref="ProgressSet.Groups"/>), ascending.</summary>
internal sealed class OwnerSet : Interned
{
    private OwnerSet(int[] groups) => Groups = groups;

    public int[] Groups { get; }

    /// <param name="groups">Ascending.</param>
    public static OwnerSet Of(MachineContext context, int[] groups) => context.Intern(new OwnerSet(groups));

    public OwnerSet With(MachineContext context, OwnerSet other) =>
        ReferenceEquals(this, other) ? this : Of(context, [.. Groups.Union(other.Groups).Order()]);

    protected override bool IsSame(Interned other) => Groups.AsSpan().SequenceEqual(((OwnerSet)other).Groups);

    protected override int Hash()
    {
        var hash = default(HashCode);
        foreach (var group in Groups)
            hash.Add(group);

        return hash.ToHashCode();
    }
}
