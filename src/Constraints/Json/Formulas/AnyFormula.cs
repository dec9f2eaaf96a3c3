namespace Penstock.Constraints.Json.Formulas;

/// <summary>At least one part holds.</summary>
internal sealed class AnyFormula(int id, Formula[] parts) : Formula(id)
{
    public Formula[] Parts { get; } = parts;

    /// <remarks>Asked for each kind of values on its own, since a part mostly speaks of one.</remarks>
    public override bool HoldsFor(ValueSummary values, int depth)
    {
        for (var rest = (int)values.Types; rest != 0; rest &= rest - 1)
        {
            var some = values with { Types = (JsonTypes)(rest & -rest) };
            if (!Array.Exists(Parts, part => part.HoldsFor(some, depth)))
            {
                return false;
            }
        }

        return true;
    }

    protected override ValueSummary Summarize() => ValueSummary.Union([.. Parts.Select(part => part.Summary)]);
}
