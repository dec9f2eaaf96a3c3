namespace Penstock.Constraints.Json.Formulas;

/// <summary>Every part holds.</summary>
internal sealed class AllFormula(int id, Formula[] parts) : Formula(id)
{
    public Formula[] Parts { get; } = parts;

    public override bool HoldsFor(ValueSummary values, int depth) => Array.TrueForAll(Parts, part => part.HoldsFor(values, depth));

    protected override ValueSummary Summarize() => ValueSummary.Intersect(Parts);
}
