using Penstock.Constraints.Json.Formulas;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>One schema as it was read: what it says itself, and the schemas that it applies to the same value.</summary>
internal sealed class SchemaNode(SchemaPlace place)
{
    public SchemaPlace Place { get; } = place;

    /// <summary>Conditions that say nothing of other schemas on the same value.</summary>
    public List<Formula> Own { get; } = [];

    /// <summary>Schemas that hold with this one: <c>allOf</c>, <c>extends</c>, and what references lead to.</summary>
    public List<SchemaFormula> AllOf { get; } = [];

    /// <summary>One list for each <c>anyOf</c>.</summary>
    public List<SchemaFormula> AnyOf { get; } = [];

    public bool HasAnyOf { get; set; }

    public List<SchemaFormula> OneOf { get; } = [];

    public bool HasOneOf { get; set; }

    public List<SchemaFormula> Not { get; } = [];

    public SchemaFormula? If { get; set; }

    public SchemaFormula? Then { get; set; }

    public SchemaFormula? Else { get; set; }

    /// <summary><c>dependentSchemas</c>, by the name of the property.</summary>
    public List<(string Name, SchemaFormula Schema)> Dependent { get; } = [];

    /// <summary>What its own keywords evaluate of an object.</summary>
    public EvaluatedNames Names { get; set; } = EvaluatedNames.None;

    /// <summary>What its own keywords evaluate of an array.</summary>
    public EvaluatedItems Items { get; set; } = EvaluatedItems.None;

    public SchemaFormula? UnevaluatedProperties { get; set; }

    public SchemaFormula? UnevaluatedItems { get; set; }
}
