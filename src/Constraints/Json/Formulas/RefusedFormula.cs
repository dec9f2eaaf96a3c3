namespace Penstock.Constraints.Json.Formulas;

/// <summary>A condition that cannot be enforced. The schema is refused where a value could come to it, and only there.</summary>
/// <param name="complemented">The condition whose complement this is: where that is known to hold, this one is known not to.</param>
internal sealed class RefusedFormula(int id, string message, string pointer, Atom complemented) : Formula(id)
{
    public Atom Complemented { get; } = complemented;

    public SchemaRefusedException Refusal { get; } = new(message, pointer);

    public override bool HoldsFor(ValueSummary values, int depth) => false;

    protected override ValueSummary Summarize() => ValueSummary.Any;
}
