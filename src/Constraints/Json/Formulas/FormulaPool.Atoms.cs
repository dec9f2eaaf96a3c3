using System.Text;
using Penstock.Constraints.Json.Formulas.Atoms;
using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Formulas;

/// <summary>Atoms that several places make.</summary>
internal sealed partial class FormulaPool
{
    private readonly Dictionary<string, Formula> required = [];
    private readonly Dictionary<(string, int), Formula> properties = [];

    /// <summary>An object, if it is one, has a property.</summary>
    public Formula Required(string name)
    {
        if (!required.TryGetValue(name, out var atom))
        {
            required.Add(name, atom = new RequiredAtom(NextId(), [name]));
        }

        return atom;
    }

    /// <summary>An object's property, where it has it, is of a formula.</summary>
    public Formula Property(string name, Formula value)
    {
        if (ReferenceEquals(value, True))
        {
            return True;
        }

        if (!properties.TryGetValue((name, value.Id), out var atom))
        {
            atom = new PropertiesAtom(NextId(), new Dictionary<string, Formula> { [name] = value }, [], True);
            properties.Add((name, value.Id), atom);
        }

        return atom;
    }

    /// <summary>Between two bounds of an array's items, from an index on, are of a formula.</summary>
    public Formula Contains(Formula matching, int min, int max, int from = 0)
    {
        if (max == 0)
        {
            return new ItemsAtom(NextId(), [.. Enumerable.Repeat(True, from)], Not(matching));
        }

        return min == 0 && max == int.MaxValue ? True : new ContainsAtom(NextId(), matching, min, max, from);
    }

    /// <summary>A string, if the value is one, is in a language.</summary>
    public Formula InLanguage(Language language) => new LanguageAtom(NextId(), language, TextSet.All);

    /// <summary>The value is one of some strings.</summary>
    public Formula OneOfTexts(IReadOnlyCollection<string> texts) => All(
        Types(JsonTypes.String),
        new LanguageAtom(NextId(), Texts.AnyOf(texts.Select(Encoding.UTF8.GetBytes)), new([.. texts], false)));

    /// <summary>A number, if the value is one, is of a shape.</summary>
    public Formula Number(NumberShape shape) => new NumberAtom(NextId(), shape);
}
