using System.Text;
using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>The shapes that a search has found, each once; strings and numbers are joined where one shape can stand for several.</summary>
internal sealed class AlternativeSet(TermPool pool)
{
    private readonly List<ValueShape> shapes = [];
    private readonly HashSet<string> keys = [];
    private readonly HashSet<string> texts = [];
    private readonly HashSet<ExactDecimal> numbers = [];
    private readonly List<StringShape> languages = [];
    private Language? enumeration;

    public void Add(Alternative alternative)
    {
        if (alternative.IsRefusalVoid || alternative.Builder.Build() is not { } shape)
        {
            return;
        }

        if (alternative.Refused is { } refused)
        {
            throw refused.Refusal;
        }

        switch (shape)
        {
            case StringShape some when ((TextBuilder)alternative.Builder).Texts is { } texts:
                this.texts.UnionWith(texts);
                enumeration = this.texts.Count == texts.Count ? some.Language : null;
                break;
            case StringShape { MinLength: 0, MaxLength: int.MaxValue } free:
                languages.Add(free);
                break;
            case NumberShape { Values: { } values, IsPlain: false }:
                numbers.UnionWith(values);
                break;
            default:
                AddDistinct(shape);
                break;
        }
    }

    public IReadOnlyList<ValueShape> Merged()
    {
        if (numbers.Count > 0)
        {
            shapes.Add(new NumberShape { Values = [.. numbers.Order()] });
        }

        if (this.texts.Count > 0)
        {
            languages.Add(new(enumeration ?? pool.Texts.AnyOf(this.texts.Select(Encoding.UTF8.GetBytes)), 0, int.MaxValue));
        }

        if (languages.Count > 0)
        {
            shapes.Add(languages.Count == 1 ? languages[0] : new(pool.Texts.Or([.. languages.Select(shape => shape.Language).Distinct()]), 0, int.MaxValue));
        }

        return shapes.Any(shape => shape is StringShape) ? WithoutNarrowerStrings() : shapes;
    }

    private void AddDistinct(ValueShape shape)
    {
        if (keys.Add(ShapeKey.Of(pool, shape)))
        {
            shapes.Add(shape);
            if (shapes.Count > pool.Formulas.Budget.Limits.Alternatives)
            {
                throw new ConstraintLimitException(
                    ConstraintBound.States, $"More than {pool.Formulas.Budget.Limits.Alternatives} alternatives for one value; simplify its oneOf, anyOf, not and if.");
            }
        }
    }

    /// <summary>Every string makes every other string shape needless.</summary>
    private List<ValueShape> WithoutNarrowerStrings() =>
        shapes.Any(IsEveryString) ? [.. shapes.Where(shape => shape is not StringShape), new StringShape(pool.Texts.All, 0, int.MaxValue)] : shapes;

    private bool IsEveryString(ValueShape shape) =>
        shape is StringShape { MinLength: 0, MaxLength: int.MaxValue } text && ReferenceEquals(text.Language, pool.Texts.All);
}
