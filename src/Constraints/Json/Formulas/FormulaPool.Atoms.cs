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
    private readonly Dictionary<int, IReadOnlyCollection<string>> enumerations = [];

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
    public Formula OneOfTexts(IReadOnlyCollection<string> texts)
    {
        var formula = All(Types(JsonTypes.String), new LanguageAtom(NextId(), Texts.AnyOf(texts.Select(Encoding.UTF8.GetBytes)), new([.. texts], false)));
        enumerations[formula.Id] = texts;
        return formula;
    }

    /// <summary>Joins the branches that are one of some strings each: a long list of constants with a title for each is one enumeration.</summary>
    /// <param name="branches">The branches of a choice.</param>
    /// <param name="areApart">Whether none may hold beside another. Then a string that stands twice leaves the branches as they are.</param>
    public IReadOnlyList<Formula> WithJoinedTexts(IReadOnlyList<Formula> branches, bool areApart)
    {
        var joined = new HashSet<string>();
        var total = 0;
        var rest = new List<Formula>();
        foreach (var branch in branches)
        {
            if (!enumerations.TryGetValue(branch.Core.Id, out var texts))
            {
                rest.Add(branch);
                continue;
            }

            joined.UnionWith(texts);
            total += texts.Count;
        }

        return branches.Count - rest.Count < 2 || (areApart && joined.Count < total) ? branches : [OneOfTexts(joined), .. rest];
    }

    /// <summary>A number, if the value is one, is of a shape.</summary>
    public Formula Number(NumberShape shape) => new NumberAtom(NextId(), shape);
}
