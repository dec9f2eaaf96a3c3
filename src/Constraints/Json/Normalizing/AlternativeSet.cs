using System.Text;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>The shapes that a search has found, each once; strings and numbers are joined where one shape can stand for several.</summary>
internal sealed class AlternativeSet(TermPool pool)
{
    private readonly List<ValueShape> _shapes = [];
    private readonly HashSet<string> _keys = [];
    private readonly HashSet<string> _texts = [];
    private readonly HashSet<ExactDecimal> _numbers = [];
    private readonly List<StringShape> _languages = [];

    public void Add(Alternative alternative)
    {
        if (alternative.Builder.Build() is not { } shape)
        {
            return;
        }

        if (alternative.Refused is { } refused)
        {
            throw refused.Refusal;
        }

        switch (shape)
        {
            case StringShape when ((TextBuilder)alternative.Builder).Texts is { } texts:
                _texts.UnionWith(texts);
                break;
            case StringShape { MinLength: 0, MaxLength: int.MaxValue } free:
                _languages.Add(free);
                break;
            case NumberShape { Values: { } values, IsPlain: false }:
                _numbers.UnionWith(values);
                break;
            default:
                AddDistinct(shape);
                break;
        }
    }

    public IReadOnlyList<ValueShape> Merged()
    {
        if (_numbers.Count > 0)
        {
            _shapes.Add(new NumberShape { Values = [.. _numbers.Order()] });
        }

        if (_texts.Count > 0)
        {
            _languages.Add(new(pool.Texts.AnyOf(_texts.Select(Encoding.UTF8.GetBytes)), 0, int.MaxValue));
        }

        if (_languages.Count > 0)
        {
            _shapes.Add(_languages.Count == 1 ? _languages[0] : new(pool.Texts.Or([.. _languages.Select(shape => shape.Language).Distinct()]), 0, int.MaxValue));
        }

        return _shapes.Any(shape => shape is StringShape) ? WithoutNarrowerStrings() : _shapes;
    }

    private void AddDistinct(ValueShape shape)
    {
        if (_keys.Add(ShapeKey.Of(pool, shape)))
        {
            _shapes.Add(shape);
            if (_shapes.Count > pool.Formulas.Budget.Limits.Alternatives)
            {
                throw new ConstraintLimitException(
                    ConstraintBound.States, $"More than {pool.Formulas.Budget.Limits.Alternatives} alternatives for one value; simplify its oneOf, anyOf, not and if.");
            }
        }
    }

    /// <summary>Every string makes every other string shape needless.</summary>
    private List<ValueShape> WithoutNarrowerStrings() =>
        _shapes.Any(IsEveryString) ? [.. _shapes.Where(shape => shape is not StringShape), new StringShape(pool.Texts.All, 0, int.MaxValue)] : _shapes;

    private bool IsEveryString(ValueShape shape) =>
        shape is StringShape { MinLength: 0, MaxLength: int.MaxValue } text && ReferenceEquals(text.Language, pool.Texts.All);
}
