namespace Penstock.Constraints.Json.Shapes;

/// <summary>The arrays whose items are of given terms, with counts.</summary>
public sealed class ArrayShape : ValueShape
{
    internal ArrayShape(IReadOnlyList<SchemaTerm> prefix, SchemaTerm rest)
    {
        Prefix = prefix;
        Rest = rest;
    }

    /// <summary>The terms of the first items.</summary>
    public IReadOnlyList<SchemaTerm> Prefix { get; }

    /// <summary>The term of every item after <see cref="Prefix"/>.</summary>
    public SchemaTerm Rest { get; }

    public int MinItems { get; internal init; }

    /// <summary>Largest number of items; <see cref="int.MaxValue"/> where there is no bound. An unsatisfiable item is a bound as well.</summary>
    public int MaxItems { get; internal init; } = int.MaxValue;

    /// <summary>What must be found among the items.</summary>
    public IReadOnlyList<ContainsRule> Contains { get; internal init; } = [];

    /// <summary>Whether no two items are equal.</summary>
    public bool Unique { get; internal init; }

    /// <summary>The term of the item at an index.</summary>
    public SchemaTerm ItemAt(int index) => index < Prefix.Count ? Prefix[index] : Rest;
}
