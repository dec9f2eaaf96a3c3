using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>Whether two conditions plainly have no value in common. Only ever says so where it is so; what it does not see costs work, not truth.</summary>
internal sealed class Disjointness(TermPool terms)
{
    // How many properties and items deep it looks.
    private const int Depth = 3;

    // Pairs of alternatives that are compared at most.
    private const int LargestProduct = 400;

    private readonly Dictionary<(int, int), bool> known = [];

    /// <summary>The kinds of values that two conditions may have in common.</summary>
    public JsonTypes Overlap(Formula left, Formula right)
    {
        var common = left.Summary.Intersect(right.Summary).Types;
        var (mine, others) = (terms.Of(left).Candidates, terms.Of(right).Candidates);
        foreach (var type in (JsonTypes[])[JsonTypes.Number, JsonTypes.String, JsonTypes.Array, JsonTypes.Object])
        {
            if (common.Has(type) && AreDisjoint([.. mine.Where(shape => TypeOf(shape) == type)], [.. others.Where(shape => TypeOf(shape) == type)], Depth))
            {
                common &= ~type;
            }
        }

        return common;
    }

    private bool AreDisjoint(SchemaTerm left, SchemaTerm right, int depth)
    {
        var key = left.Id < right.Id ? (left.Id, right.Id) : (right.Id, left.Id);
        if (this.known.TryGetValue(key, out var known))
        {
            return known;
        }

        if (ValueSummary.Intersect(left.Conditions.Concat(right.Conditions)).IsEmpty)
        {
            return this.known[key] = true;
        }

        if (depth == 0 || ReferenceEquals(left, right) || left.IsAny || right.IsAny)
        {
            return false;
        }

        // Taken as overlapping while it is looked at, for schemas that lead back to themselves.
        this.known[key] = false;
        return this.known[key] = AreDisjoint(left.Candidates, right.Candidates, depth - 1);
    }

    private bool AreDisjoint(IReadOnlyList<ValueShape> left, IReadOnlyList<ValueShape> right, int depth) =>
        (long)left.Count * right.Count <= LargestProduct && left.All(one => right.All(other => AreDisjoint(one, other, depth)));

    private static JsonTypes TypeOf(ValueShape shape) => shape switch
    {
        NumberShape => JsonTypes.Number,
        StringShape => JsonTypes.String,
        ArrayShape => JsonTypes.Array,
        ObjectShape => JsonTypes.Object,
        _ => JsonTypes.Words,
    };

    private bool AreDisjoint(ValueShape left, ValueShape right, int depth) => (left, right) switch
    {
        (LiteralShape one, LiteralShape other) => !ReferenceEquals(one, other),
        (StringShape one, StringShape other) => AreDisjoint(one, other),
        (NumberShape one, NumberShape other) => !new NumberBuilder(one).Add(new Formulas.Atoms.NumberAtom(-1, other)),
        (ArrayShape one, ArrayShape other) => AreDisjoint(one, other, depth),
        (ObjectShape one, ObjectShape other) => AreDisjoint(one, other, depth) || AreDisjoint(other, one, depth),
        _ => true,
    };

    private bool AreDisjoint(StringShape left, StringShape right)
    {
        if (left.MinLength > right.MaxLength || right.MinLength > left.MaxLength)
        {
            return true;
        }

        var texts = terms.Texts;
        return !ReferenceEquals(left.Language, texts.All) && !ReferenceEquals(right.Language, texts.All) && texts.And(left.Language, right.Language).IsEmpty;
    }

    private bool AreDisjoint(ArrayShape left, ArrayShape right, int depth)
    {
        if (left.MinItems > right.MaxItems || right.MinItems > left.MaxItems)
        {
            return true;
        }

        var least = Math.Min(Math.Max(left.MinItems, right.MinItems), 8);
        for (var i = 0; i < least; i++)
        {
            if (AreDisjoint(left.ItemAt(i), right.ItemAt(i), depth))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a property that the left requires cannot be as the right wants it.</summary>
    private bool AreDisjoint(ObjectShape left, ObjectShape right, int depth)
    {
        foreach (var property in left.Named)
        {
            if (property.IsRequired && ValueOf(right, property.Name.Span) is var value && (value is null || AreDisjoint(property.Value, value, depth)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a shape says of a property; null where it must be absent.</summary>
    private static SchemaTerm? ValueOf(ObjectShape shape, ReadOnlySpan<byte> name)
    {
        foreach (var named in shape.Named)
        {
            if (named.Name.Span.SequenceEqual(name))
            {
                return named.Value;
            }
        }

        foreach (var other in shape.Others)
        {
            if (other.Names.Matches(name))
            {
                return other.Value;
            }
        }

        return null;
    }
}
