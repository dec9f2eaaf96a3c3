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

    public ValueSummary Intersect(ValueSummary other)
    {
        if (ReferenceEquals(this, Any))
        {
            return other;
        }

        return ReferenceEquals(other, Any) ? this : Of(Types & other.Types, Strings.Intersect(other.Strings), Numbers.Intersect(other.Numbers));
    }

    public ValueSummary Union(ValueSummary other)
    {
        var strings = Combine(JsonTypes.String, Strings, other.Strings, other.Types);
        var numbers = Combine(JsonTypes.Number, Numbers, other.Numbers, other.Types);
        return Of(Types | other.Types, strings, numbers);
    }

    private static ValueSummary Of(JsonTypes types, TextSet strings, TextSet numbers)
    {
        types &= ~((strings.IsEmpty ? JsonTypes.String : JsonTypes.None) | (numbers.IsEmpty ? JsonTypes.Number : JsonTypes.None));
        return new(types, strings, numbers);
    }

    private TextSet Combine(JsonTypes type, TextSet mine, TextSet others, JsonTypes otherTypes) => (Types.HasFlag(type), otherTypes.HasFlag(type)) switch
    {
        (true, true) => mine.Union(others),
        (false, true) => others,
        _ => mine,
    };
}
