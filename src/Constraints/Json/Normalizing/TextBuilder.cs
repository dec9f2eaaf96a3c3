using System.Text;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Formulas.Atoms;
using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>Intersects conditions on a string.</summary>
internal sealed class TextBuilder(LanguagePool pool) : ShapeBuilder
{
    private readonly List<LanguageAtom> _languages = [];
    private TextSet _texts = TextSet.All;
    private int _min;
    private int _max = int.MaxValue;

    /// <summary>The texts that are left, where they are enumerated; else null. Known after <see cref="Build"/>.</summary>
    public IReadOnlyCollection<string>? Texts { get; private set; }

    public override bool Add(Atom atom)
    {
        if (atom is LengthAtom length)
        {
            _min = Math.Max(_min, length.Min);
            _max = Math.Min(_max, length.Max);
            return _min <= _max;
        }

        var language = (LanguageAtom)atom;
        if (_languages.Any(other => ReferenceEquals(other.Language, language.Language)))
        {
            return true;
        }

        _languages.Add(language);
        _texts = _texts.Intersect(language.Texts);
        return !_texts.IsEmpty;
    }

    public override ShapeBuilder Clone()
    {
        var clone = new TextBuilder(pool) { _texts = _texts, _min = _min, _max = _max };
        clone._languages.AddRange(_languages);
        return clone;
    }

    public override ValueShape? Build()
    {
        if (!_texts.IsComplement)
        {
            return Enumerated();
        }

        if (_languages.Count == 0)
        {
            return new StringShape(pool.All, _min, _max);
        }

        var language = _languages.Count == 1 ? _languages[0].Language : pool.And([.. _languages.Select(atom => atom.Language)]);
        if (language.IsEmpty)
        {
            return null;
        }

        if (_min > 0 && language.Start.ShortestCharacters < _min)
        {
            language = pool.And(language, pool.Lengths(_min, int.MaxValue));
            if (language.IsEmpty)
            {
                return null;
            }
        }

        var start = language.Start;
        if (start.ShortestCharacters > _max)
        {
            return null;
        }

        return new StringShape(language, 0, start.LongestCharacters <= _max ? int.MaxValue : _max);
    }

    private StringShape? Enumerated()
    {
        var rest = new HashSet<string>();
        foreach (var text in _texts.Texts)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            var length = utf8.Count(value => (value & 0xC0) != 0x80);
            if (length >= _min && length <= _max && _languages.All(atom => atom.Texts.IsAll ? atom.Language.Matches(utf8) : true))
            {
                rest.Add(text);
            }
        }

        Texts = rest;
        return rest.Count == 0 ? null : new StringShape(pool.AnyOf(rest.Select(Encoding.UTF8.GetBytes)), 0, int.MaxValue);
    }
}
