namespace Penstock.Constraints.Json.Formulas;

/// <summary>A condition that cannot be enforced. The schema is refused where a value could come to it, and only there.</summary>
internal sealed class RefusedFormula(int id, string message, string pointer) : Formula(id)
{
    public SchemaRefusedException Refusal { get; } = new(message, pointer);

    public override bool HoldsFor(ValueSummary values, int depth) => false;

    protected override ValueSummary Summarize() => ValueSummary.Any;
}
