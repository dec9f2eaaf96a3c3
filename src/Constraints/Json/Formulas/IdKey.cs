namespace Penstock.Constraints.Json.Formulas;

/// <summary>A set of formulas as a key of a dictionary.</summary>
internal readonly struct IdKey : IEquatable<IdKey>
{
    private readonly int[] ids;
    private readonly int hash;

    private IdKey(int[] sorted)
    {
        ids = sorted;
        var code = new HashCode();
        foreach (var id in sorted)
        {
            code.Add(id);
        }

        hash = code.ToHashCode();
    }

    /// <summary>The key of formulas without duplicates, whatever their order.</summary>
    public static IdKey Of(IReadOnlyList<Formula> formulas)
    {
        var sorted = new int[formulas.Count];
        for (var i = 0; i < sorted.Length; i++)
        {
            sorted[i] = formulas[i].Id;
        }

        Array.Sort(sorted);
        return new(sorted);
    }

    public bool Equals(IdKey other) => hash == other.hash && ids.AsSpan().SequenceEqual(other.ids);

    public override bool Equals(object? obj) => obj is IdKey other && Equals(other);

    public override int GetHashCode() => hash;
}
