namespace Penstock.Constraints.Json.Formulas;

/// <summary>A finite set of texts, or all texts but those.</summary>
internal sealed class TextSet(HashSet<string> texts, bool isComplement)
{
    public static TextSet All { get; } = new([], true);

    public HashSet<string> Texts { get; } = texts;

    public bool IsComplement { get; } = isComplement;

    public bool IsEmpty => !IsComplement && Texts.Count == 0;

    public bool IsAll => IsComplement && Texts.Count == 0;

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
            (false, false) => new([.. Texts.Where(other.Texts.Contains)], false),
            (false, true) => new([.. Texts.Where(text => !other.Texts.Contains(text))], false),
            (true, false) => other.Intersect(this),
            (true, true) => new([.. Texts, .. other.Texts], true),
        };
    }

    public TextSet Union(TextSet other) => IsAll || other.IsAll ? All : Complement().Intersect(other.Complement()).Complement();
}
