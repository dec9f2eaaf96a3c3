using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Formulas.Atoms;
using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Json.Values;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>Makes the terms of one compiled schema, each once.</summary>
internal sealed class TermPool
{
    private readonly Dictionary<IdKey, SchemaTerm> terms = [];
    private readonly Dictionary<(int, int), SchemaTerm> conjunctions = [];
    private readonly Dictionary<Language, int> languages = new(ReferenceEqualityComparer.Instance);
    private readonly AlternativeSearch search;
    private readonly OtherNames others;

    public TermPool(FormulaPool formulas)
    {
        Formulas = formulas;
        search = new AlternativeSearch(this);
        others = new OtherNames(this);
        Shortest = new ShortestValues(Texts, formulas.Budget);
        Any = Of([]);
        None = Of([formulas.False]);
    }

    public FormulaPool Formulas { get; }

    public LanguagePool Texts => Formulas.Texts;

    public ShortestValues Shortest { get; }

    public SchemaTerm Any { get; }

    public SchemaTerm None { get; }

    /// <summary>How many terms there are.</summary>
    public int Count => terms.Count;

    public SchemaTerm Of(Formula formula) => Of([formula]);

    public SchemaTerm Of(IEnumerable<Formula> conditions)
    {
        var distinct = new List<Formula>();
        var cores = new List<Formula>();
        foreach (var condition in conditions)
        {
            var core = condition.Core;
            if (ReferenceEquals(core, Formulas.False) || (Formulas.KnownComplement(core) is { } complement && cores.Contains(complement)))
            {
                distinct = [Formulas.False];
                cores = distinct;
                break;
            }

            if (!ReferenceEquals(core, Formulas.True) && !cores.Contains(core))
            {
                distinct.Add(condition);
                cores.Add(core);
            }
        }

        var key = IdKey.Of(cores);
        if (!terms.TryGetValue(key, out var term))
        {
            Formulas.Budget.Charge();
            terms.Add(key, term = new(this, terms.Count, [.. distinct]));
        }

        return term;
    }

    public SchemaTerm And(SchemaTerm left, SchemaTerm right)
    {
        if (ReferenceEquals(left, right) || right.IsAny)
        {
            return left;
        }

        if (left.IsAny)
        {
            return right;
        }

        if (!conjunctions.TryGetValue((left.Id, right.Id), out var term))
        {
            conjunctions.Add((left.Id, right.Id), term = Of(left.Conditions.Concat(right.Conditions)));
        }

        return term;
    }

    public SchemaTerm Not(SchemaTerm term) => Of(Formulas.Not(Formulas.All(term.Conditions)));

    /// <summary>Whether a term has no value, where that is quick to see.</summary>
    public bool IsPlainlyEmpty(SchemaTerm term) => ReferenceEquals(term, None) || ValueSummary.Intersect(term.Conditions).IsEmpty;

    /// <summary>A number that tells languages apart.</summary>
    public int IdOf(Language language)
    {
        if (!languages.TryGetValue(language, out var id))
        {
            languages.Add(language, id = languages.Count);
        }

        return id;
    }

    /// <inheritdoc cref="OtherNames.Of"/>
    public IReadOnlyList<OtherProperties> OthersOf(List<PropertiesAtom> groups, List<PropertyNamesAtom> allowed, List<string> named) => others.Of(groups, allowed, named);

    /// <summary>Works out the alternatives of a term.</summary>
    public IReadOnlyList<ValueShape> Normalize(SchemaTerm term)
    {
        try
        {
            return search.Run(term.Conditions);
        }
        catch (Exception failure) when (failure is ConstraintLimitException or SchemaRefusedException or InsufficientExecutionStackException)
        {
            Formulas.Budget.Place ??= term.Place;
            throw;
        }
    }

    /// <summary>Works out every term that a value of another can come to, so that what cannot be enforced is known before a text is begun.</summary>
    public static void Explore(SchemaTerm root)
    {
        var seen = new HashSet<SchemaTerm> { root };
        var open = new Queue<SchemaTerm>([root]);
        while (open.TryDequeue(out var term))
        {
            foreach (var part in term.Shapes.SelectMany(Parts))
            {
                if (seen.Add(part))
                {
                    open.Enqueue(part);
                }
            }
        }
    }

    private static IEnumerable<SchemaTerm> Parts(ValueShape shape) => shape switch
    {
        ArrayShape array => [.. array.Prefix, array.Rest, .. array.Prefix.Append(array.Rest).SelectMany(item => array.Contains.SelectMany(rule => Counted(item, rule)))],
        ObjectShape value => [.. Values(value), .. Values(value).SelectMany(one => value.Exists.Select(rule => one.And(rule.Matching)))],
        _ => [],
    };

    private static IEnumerable<SchemaTerm> Counted(SchemaTerm item, ContainsRule rule) =>
        rule.Other is null ? [item.And(rule.Matching)] : [item.And(rule.Matching), item.And(rule.Other)];

    private static IEnumerable<SchemaTerm> Values(ObjectShape shape) => shape.Named.Select(property => property.Value).Concat(shape.Others.Select(other => other.Value));
}
