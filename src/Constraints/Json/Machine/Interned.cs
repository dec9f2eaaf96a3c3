namespace Penstock.Constraints.Json.Machine;

/// <summary>An immutable object of which a <see cref="StateStore"/> keeps one copy. Derived classes compare what they are made of.</summary>
internal abstract class Interned : IEquatable<Interned>
{
    private int hash;

    /// <summary>A number in order of making, unique in a store: gives sets of threads one order.</summary>
    public int Id { get; set; }

    public bool Equals(Interned? other) => ReferenceEquals(this, other) || (other is not null && other.GetType() == GetType() && IsSame(other));

    public override bool Equals(object? obj) => Equals(obj as Interned);

    public override int GetHashCode() => hash != 0 ? hash : hash = Hash() is var made && made != 0 ? made : 1;

    /// <summary>Whether another object of the same class is made of the same parts.</summary>
    protected abstract bool IsSame(Interned other);

    protected abstract int Hash();
}
