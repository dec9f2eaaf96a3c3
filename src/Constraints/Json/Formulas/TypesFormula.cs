namespace Penstock.Constraints.Json.Formulas;

/// <summary>The value is of one of some kinds.</summary>
internal sealed class TypesFormula(int id, JsonTypes types) : Formula(id)
{
    public JsonTypes Types { get; } = types;

    protected override ValueSummary Summarize() => ValueSummary.OfTypes(Types);
}
