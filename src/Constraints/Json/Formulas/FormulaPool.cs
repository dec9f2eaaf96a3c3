using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Formulas;

/// <summary>Makes formulas, simplified and each once, for one compiled schema. Not safe for several threads.</summary>
internal sealed partial class FormulaPool
{
    private readonly Dictionary<JsonTypes, TypesFormula> types = [];
    private readonly Dictionary<IdKey, Formula> all = [];
    private readonly Dictionary<IdKey, Formula> any = [];
    private readonly Dictionary<int, Formula> complements = [];
    private int count;

    public FormulaPool(LanguagePool texts, CompileBudget budget)
    {
        Texts = texts;
        Budget = budget;
        True = Types(JsonTypes.All);
        False = Types(JsonTypes.None);
    }

    public LanguagePool Texts { get; }

    public CompileBudget Budget { get; }

    public Formula True { get; }

    public Formula False { get; }

    /// <summary>The number of the next formula. Every formula takes one.</summary>
    public int NextId()
    {
        Budget.Charge();
        return count++;
    }

    public Formula Types(JsonTypes types)
    {
        if (!this.types.TryGetValue(types, out var formula))
        {
            this.types.Add(types, formula = new(NextId(), types));
        }

        return formula;
    }

    /// <summary>A schema, read when it is looked at.</summary>
    public Formula Schema(Func<Formula> read, string place) => new LazyFormula(NextId(), read, isPlain: true, place);

    /// <summary>A formula that takes work, done when it is looked at.</summary>
    public Formula Lazy(Func<Formula> read) => new LazyFormula(NextId(), read, isPlain: false, place: null);

    /// <summary>The complement of a formula, if it was ever asked for.</summary>
    public Formula? KnownComplement(Formula formula) => complements.GetValueOrDefault(formula.Id);

    public Formula All(params IReadOnlyList<Formula> parts)
    {
        var kinds = JsonTypes.All;
        var rest = new List<Formula>(parts.Count);
        foreach (var part in parts)
        {
            Flatten<AllFormula>(part, ref kinds, rest, static (all, more) => all & more, static formula => formula.Parts);
        }

        if (kinds == JsonTypes.None)
        {
            return False;
        }

        if (kinds != JsonTypes.All)
        {
            rest.Add(Types(kinds));
        }

        return Interned(this.all, rest, True, (id, all) => new AllFormula(id, all));
    }

    public Formula Any(params IReadOnlyList<Formula> parts)
    {
        var kinds = JsonTypes.None;
        var rest = new List<Formula>(parts.Count);
        foreach (var part in parts)
        {
            Flatten<AnyFormula>(part, ref kinds, rest, static (all, more) => all | more, static formula => formula.Parts);
        }

        if (kinds == JsonTypes.All)
        {
            return True;
        }

        if (kinds != JsonTypes.None)
        {
            rest.Add(Types(kinds));
        }

        return Interned(this.any, rest, False, (id, any) => new AnyFormula(id, any));
    }

    /// <summary>The values that a formula does not hold for.</summary>
    public Formula Not(Formula formula)
    {
        if (complements.TryGetValue(formula.Id, out var known))
        {
            return known;
        }

        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        var complement = formula switch
        {
            TypesFormula types => Types(JsonTypes.All & ~types.Types),
            AllFormula all => Any(Complements(all.Parts)),
            AnyFormula any => All([.. any.Parts.Select(Not)]),
            LazyFormula lazy => new LazyFormula(NextId(), () => Not(lazy.Body), lazy.IsPlain, lazy.Place, !lazy.IsComplement),
            Atom atom => Any(Complements([atom])),
            _ => throw new InvalidOperationException("A kind of formula without a complement."),
        };
        complements[formula.Id] = complement;
        complements.TryAdd(complement.Id, formula);
        return complement;
    }

    private static void Flatten<T>(Formula part, ref JsonTypes types, List<Formula> rest, Func<JsonTypes, JsonTypes, JsonTypes> join, Func<T, Formula[]> parts)
        where T : Formula
    {
        if (part is TypesFormula kinds)
        {
            types = join(types, kinds.Types);
        }
        else if (part is T same)
        {
            foreach (var inner in parts(same))
            {
                Flatten(inner, ref types, rest, join, parts);
            }
        }
        else
        {
            rest.Add(part);
        }
    }

    private Formula Interned(Dictionary<IdKey, Formula> known, List<Formula> parts, Formula empty, Func<int, Formula[], Formula> make)
    {
        if (parts.Count < 2)
        {
            return parts.Count == 0 ? empty : parts[0];
        }

        var distinct = parts.DistinctBy(part => part.Id).ToArray();
        if (distinct.Length == 1)
        {
            return distinct[0];
        }

        var key = IdKey.Of(distinct);
        if (!known.TryGetValue(key, out var formula))
        {
            known.Add(key, formula = make(NextId(), distinct));
        }

        return formula;
    }
}
