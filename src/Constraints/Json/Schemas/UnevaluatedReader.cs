using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Formulas.Atoms;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>
/// Turns <c>unevaluatedProperties</c> and <c>unevaluatedItems</c> into ordinary closed groups: one alternative for each way in which the schemas on the same
/// value hold, with what those evaluate.
/// </summary>
/// <remarks>
/// An alternative that leaves a branch of <c>anyOf</c> open evaluates less than the truth and so asks more of the value, and the one that counts on every
/// branch that holds is among them: no branch has to be negated.
/// </remarks>
internal sealed class UnevaluatedReader(FormulaPool pool)
{
    private readonly HashSet<SchemaNode> open = [];

    /// <summary>What the two keywords of a schema add to its other conditions.</summary>
    public Formula Of(SchemaNode node) => pool.Any([.. Ways(node, isOuter: true).Select(way => pool.All(way.Condition, Closed(node, way)))]);

    private Formula Closed(SchemaNode node, Way way)
    {
        var parts = new List<Formula>();
        if (node.UnevaluatedProperties is { } properties && !way.Names.All)
        {
            var named = way.Names.Names.ToDictionary(name => name, _ => pool.True);
            parts.Add(new PropertiesAtom(pool.NextId(), named, [.. way.Names.Patterns.Select(pattern => (pattern, pool.True))], properties.Formula));
        }

        if (node.UnevaluatedItems is { } items && way.Items.Count < int.MaxValue)
        {
            var rest = pool.Any([.. way.Items.Matching, items.Formula]);
            parts.Add(new ItemsAtom(pool.NextId(), [.. Enumerable.Repeat(pool.True, way.Items.Count)], rest));
        }

        return pool.All(parts);
    }

    /// <summary>The ways in which a schema holds. The conditions of all of them together say no more than the schema does.</summary>
    private List<Way> Ways(SchemaFormula schema)
    {
        if (schema.Node is null || !open.Add(schema.Node.Value))
        {
            return [new(schema.Formula, EvaluatedNames.None, EvaluatedItems.None)];
        }

        var ways = Ways(schema.Node.Value, isOuter: false);
        open.Remove(schema.Node.Value);
        return ways.Exists(way => !way.IsNone)
            ? ways.ConvertAll(way => way with { Condition = pool.All(schema.Formula, way.Condition) })
            : [new(schema.Formula, EvaluatedNames.None, EvaluatedItems.None)];
    }

    private List<Way> Ways(SchemaNode node, bool isOuter)
    {
        var (names, items) = (node.Names, node.Items);
        if (!isOuter)
        {
            names = node.UnevaluatedProperties is null ? names : EvaluatedNames.Every;
            items = node.UnevaluatedItems is null ? items : EvaluatedItems.Every;
        }

        var ways = new List<Way> { new(pool.True, names, items) };
        foreach (var part in node.AllOf)
        {
            ways = Product(ways, Ways(part));
        }

        foreach (var part in node.AnyOf.Concat(node.OneOf))
        {
            ways = Product(ways, [.. Ways(part).Where(way => !way.IsNone), Way.Open(pool)]);
        }

        if (node.If is { } condition)
        {
            ways = Product(ways,
            [
                .. Joined(condition, node.Then),
                .. Joined(new(pool.Not(condition.Formula), null), node.Else),
            ]);
        }

        foreach (var (name, schema) in node.Dependent)
        {
            var held = Ways(schema).Where(way => !way.IsNone).Select(way => way with { Condition = pool.All(pool.Required(name), way.Condition) });
            ways = Product(ways, [.. held, Way.Open(pool)]);
        }

        return ways;
    }

    private List<Way> Joined(SchemaFormula condition, SchemaFormula? then) => then is null ? Ways(condition) : Product(Ways(condition), Ways(then));

    private List<Way> Product(List<Way> left, List<Way> right)
    {
        if (right.Count == 1 && right[0].IsNone && ReferenceEquals(right[0].Condition, pool.True))
        {
            return left;
        }

        if ((long)left.Count * right.Count > pool.Budget.Limits.Alternatives)
        {
            throw new ConstraintLimitException(
                ConstraintBound.States, $"unevaluatedProperties or unevaluatedItems stands over more than {pool.Budget.Limits.Alternatives} combinations of branches.");
        }

        return [.. left.SelectMany(_ => right, (one, other) => new Way(pool.All(one.Condition, other.Condition), one.Names.With(other.Names), one.Items.With(other.Items)))];
    }

    private sealed record Way(Formula Condition, EvaluatedNames Names, EvaluatedItems Items)
    {
        public bool IsNone => Names.IsNone && Items.IsNone;

        public static Way Open(FormulaPool pool) => new(pool.True, EvaluatedNames.None, EvaluatedItems.None);
    }
}
