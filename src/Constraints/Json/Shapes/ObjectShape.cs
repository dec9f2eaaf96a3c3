namespace Penstock.Constraints.Json.Shapes;

/// <summary>The objects whose properties are of given terms, with what must be there. A name that is neither named nor in a language of <see cref="Others"/> must be absent.</summary>
public sealed class ObjectShape : ValueShape
{
    internal ObjectShape(IReadOnlyList<NamedProperty> named, IReadOnlyList<OtherProperties> others)
    {
        Named = named;
        Others = others;
    }

    /// <summary>Properties known by name, without duplicates, in the order in which the schema tells them.</summary>
    public IReadOnlyList<NamedProperty> Named { get; }

    /// <summary>The rest of the names, in disjoint languages.</summary>
    public IReadOnlyList<OtherProperties> Others { get; }

    public int MinProperties { get; internal init; }

    /// <summary>Largest number of properties; <see cref="int.MaxValue"/> where there is no bound.</summary>
    public int MaxProperties { get; internal init; } = int.MaxValue;

    /// <summary>What must be found among the properties.</summary>
    public IReadOnlyList<ExistsRule> Exists { get; internal init; } = [];

    /// <summary>Which properties call for others.</summary>
    public IReadOnlyList<PropertyDependency> Dependencies { get; internal init; } = [];
}
