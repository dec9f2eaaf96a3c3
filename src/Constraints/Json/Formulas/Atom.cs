namespace Penstock.Constraints.Json.Formulas;

/// <summary>A condition on the values of one type; values of the others satisfy it.</summary>
internal abstract class Atom(int id, JsonTypes type) : Formula(id)
{
    public JsonTypes Type { get; } = type;

    /// <summary>The complement among the values of <see cref="Type"/>.</summary>
    /// <exception cref="SchemaRefusedException">It cannot be told exactly.</exception>
    public abstract Formula Complement(FormulaPool pool);

    public override bool HoldsFor(ValueSummary values, int depth) => (values.Types & Type) == JsonTypes.None;

    protected override ValueSummary Summarize() => ValueSummary.Any;
}
