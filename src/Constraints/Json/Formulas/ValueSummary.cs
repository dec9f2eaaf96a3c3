namespace Penstock.Constraints.Json.Formulas;

/// <summary>A set of values that is quick to intersect: kinds, and for strings and numbers a finite or co-finite set. Used to prune; never misses a value.</summary>
/// <param name="Types">The kinds.</param>
/// <param name="Strings">The strings, where <paramref name="Types"/> has them.</param>
/// <param name="Numbers">The numbers in their shortest spelling, where <paramref name="Types"/> has them.</param>
internal sealed record ValueSummary(JsonTypes Types, TextSet Strings, TextSet Numbers)
{
    public static ValueSummary Any { get; } = new(JsonTypes.All, TextSet.All, TextSet.All);

    public static ValueSummary None { get; } = new(JsonTypes.None, TextSet.All, TextSet.All);

    public bool IsEmpty => Types == JsonTypes.None;

    public static ValueSummary OfTypes(JsonTypes types) => types == JsonTypes.All ? Any : new(types, TextSet.All, TextSet.All);

    public static ValueSummary Intersect(IEnumerable<Formula> parts)
    {
        var all = Any;
        foreach (var part in parts)
        {
            all = all.Intersect(part.Summary);
            if (all.IsEmpty)
            {
                break;
            }
        }

        return all;
    }

    /// <summary>Whether the intersection is not empty, without making it.</summary>
    public bool Overlaps(ValueSummary other)
    {
        var types = Types & other.Types;
        return (types & ~(JsonTypes.String | JsonTypes.Number)) != JsonTypes.None
            || (types.Has(JsonTypes.String) && Strings.Overlaps(other.Strings))
            || (types.Has(JsonTypes.Number) && Numbers.Overlaps(other.Numbers));
    }

    public static ValueSummary Union(IReadOnlyList<ValueSummary> parts)
    {
        var types = JsonTypes.None;
        foreach (var part in parts)
        {
            types |= part.Types;
        }

        return Of(
            types,
            TextSet.Union([.. parts.Where(part => part.Types.Has(JsonTypes.String)).Select(part => part.Strings)]),
            TextSet.Union([.. parts.Where(part => part.Types.Has(JsonTypes.Number)).Select(part => part.Numbers)]));
    }

    public ValueSummary Intersect(ValueSummary other)
    {
        if (ReferenceEquals(this, Any))
        {
            return other;
        }

        return ReferenceEquals(other, Any) ? this : Of(Types & other.Types, Strings.Intersect(other.Strings), Numbers.Intersect(other.Numbers));
    }

    private static ValueSummary Of(JsonTypes types, TextSet strings, TextSet numbers)
    {
        types &= ~((strings.IsEmpty ? JsonTypes.String : JsonTypes.None) | (numbers.IsEmpty ? JsonTypes.Number : JsonTypes.None));
        return new(types, strings, numbers);
    }
}
