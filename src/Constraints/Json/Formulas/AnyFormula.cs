namespace Penstock.Constraints.Json.Formulas;

/// <summary>At least one part holds.</summary>
internal sealed class AnyFormula(int id, Formula[] parts) : Formula(id)
{
    public Formula[] Parts { get; } = parts;

    protected override ValueSummary Summarize()
    {
        var union = ValueSummary.None;
        foreach (var part in Parts)
        {
            union = union.Union(part.Summary);
        }

        return union;
    }
}
