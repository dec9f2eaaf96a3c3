namespace Penstock.Constraints.Json.Formulas;

/// <summary>A set of formulas as a key of a dictionary.</summary>
internal readonly struct IdKey : IEquatable<IdKey>
{
    private readonly int[] _ids;
    private readonly int _hash;

    private IdKey(int[] ids)
    {
        _ids = ids;
        var hash = new HashCode();
        foreach (var id in ids)
        {
            hash.Add(id);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>The key of formulas without duplicates, whatever their order.</summary>
    public static IdKey Of(IReadOnlyList<Formula> formulas)
    {
        var ids = new int[formulas.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = formulas[i].Id;
        }

        Array.Sort(ids);
        return new(ids);
    }

    public bool Equals(IdKey other) => _hash == other._hash && _ids.AsSpan().SequenceEqual(other._ids);

    public override bool Equals(object? obj) => obj is IdKey other && Equals(other);

    public override int GetHashCode() => _hash;
}
