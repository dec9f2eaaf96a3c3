namespace Penstock.Constraints.Json.Formulas;

/// <summary>The value is of one of some kinds.</summary>
internal sealed class TypesFormula(int id, JsonTypes types) : Formula(id)
{
    public JsonTypes Types { get; } = types;

    public override bool HoldsFor(ValueSummary values, int depth) => (values.Types & ~Types) == JsonTypes.None;

    protected override ValueSummary Summarize() => ValueSummary.OfTypes(Types);
}
