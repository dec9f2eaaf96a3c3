namespace Penstock.Constraints.Json.Formulas;

/// <summary>A finite set of texts, or all texts but those.</summary>
internal sealed class TextSet(HashSet<string> texts, bool isComplement)
{
    public static TextSet All { get; } = new([], true);

    public HashSet<string> Texts { get; } = texts;

    public bool IsComplement { get; } = isComplement;

    public bool IsEmpty => !IsComplement && Texts.Count == 0;

    public bool IsAll => IsComplement && Texts.Count == 0;

    /// <summary>The texts of any of the sets; all, of no sets, which stand for a type that is not there.</summary>
    public static TextSet Union(IReadOnlyList<TextSet> sets)
    {
        var some = new HashSet<string>();
        HashSet<string>? excluded = null;
        foreach (var set in sets)
        {
            if (!set.IsComplement)
            {
                some.UnionWith(set.Texts);
            }
            else if (excluded is null)
            {
                excluded = [.. set.Texts];
            }
            else
            {
                excluded.IntersectWith(set.Texts);
            }
        }

        if (sets.Count == 0)
        {
            return All;
        }

        if (excluded is null)
        {
            return new(some, false);
        }

        excluded.ExceptWith(some);
        return new(excluded, true);
    }

    public TextSet Complement() => new(Texts, !IsComplement);

    public TextSet Intersect(TextSet other)
    {
        if (IsAll || ReferenceEquals(this, other))
        {
            return other;
        }

        if (other.IsAll)
        {
            return this;
        }

        return (IsComplement, other.IsComplement) switch
        {
            (false, _) when Texts.All(other.Contains) => this,
            (false, _) => new([.. Texts.Where(other.Contains)], false),
            (true, false) => other.Intersect(this),
            (true, true) when other.Texts.IsSubsetOf(Texts) => this,
            (true, true) => new([.. Texts, .. other.Texts], true),
        };
    }

    /// <summary>Whether some text is in both.</summary>
    public bool Overlaps(TextSet other) => (IsComplement, other.IsComplement) switch
    {
        (true, true) => true,
        (false, _) => Texts.Any(other.Contains),
        _ => other.Texts.Any(Contains),
    };

    private bool Contains(string text) => Texts.Contains(text) != IsComplement;
}
