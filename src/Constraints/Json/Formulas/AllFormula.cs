namespace Penstock.Constraints.Json.Formulas;

/// <summary>Every part holds.</summary>
internal sealed class AllFormula(int id, Formula[] parts) : Formula(id)
{
    public Formula[] Parts { get; } = parts;

    protected override ValueSummary Summarize() => ValueSummary.Intersect(Parts);
}
