using System.Text;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Formulas.Atoms;
using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>Intersects conditions on a string.</summary>
internal sealed class TextBuilder(LanguagePool pool) : ShapeBuilder
{
    private readonly List<LanguageAtom> languages = [];
    private TextSet texts = TextSet.All;
    private int min;
    private int max = int.MaxValue;

    /// <summary>The texts that are left, where they are enumerated; else null. Known after <see cref="Build"/>.</summary>
    public IReadOnlyCollection<string>? Texts { get; private set; }

    public override bool Add(Atom atom)
    {
        if (atom is LengthAtom length)
        {
            min = Math.Max(min, length.Min);
            max = Math.Min(max, length.Max);
            return min <= max;
        }

        var language = (LanguageAtom)atom;
        if (languages.Any(other => ReferenceEquals(other.Language, language.Language)))
        {
            return true;
        }

        languages.Add(language);
        texts = texts.Intersect(language.Texts);
        return !texts.IsEmpty;
    }

    public override ShapeBuilder Clone()
    {
        var clone = new TextBuilder(pool) { texts = texts, min = min, max = max };
        clone.languages.AddRange(languages);
        return clone;
    }

    public override ValueShape? Build()
    {
        if (!texts.IsComplement)
        {
            return Enumerated();
        }

        if (languages.Count == 0)
        {
            return new StringShape(pool.All, min, max);
        }

        var language = languages.Count == 1 ? languages[0].Language : pool.And([.. languages.Select(atom => atom.Language)]);
        if (language.IsEmpty)
        {
            return null;
        }

        if (min > 0 && language.Start.ShortestCharacters < min)
        {
            language = pool.And(language, pool.Lengths(min, int.MaxValue));
            if (language.IsEmpty)
            {
                return null;
            }
        }

        var start = language.Start;
        if (start.ShortestCharacters > max)
        {
            return null;
        }

        return new StringShape(language, 0, start.LongestCharacters <= max ? int.MaxValue : max);
    }

    private StringShape? Enumerated()
    {
        var rest = new HashSet<string>();
        foreach (var text in texts.Texts)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            var length = utf8.Count(value => (value & 0xC0) != 0x80);
            if (length >= min && length <= max && languages.All(atom => atom.Texts.IsAll ? atom.Language.Matches(utf8) : true))
            {
                rest.Add(text);
            }
        }

        Texts = rest;
        if (rest.Count == 0)
        {
            return null;
        }

        // Nothing was taken away from an enumeration: its automaton is there already, and large ones take milliseconds to build.
        var whole = languages.Find(atom => !atom.Texts.IsComplement && atom.Texts.Texts.Count == rest.Count);
        return new StringShape(whole?.Language ?? pool.AnyOf(rest.Select(Encoding.UTF8.GetBytes)), 0, int.MaxValue);
    }
}
