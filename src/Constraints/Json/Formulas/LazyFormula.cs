namespace Penstock.Constraints.Json.Formulas;

/// <summary>A condition that is worked out when it is needed, which is what lets schemas refer to themselves: a schema at a place, or the negation of one.</summary>
/// <param name="isPlain">Whether working it out is no more than reading it, so that equal ones may be told by their bodies.</param>
internal sealed class LazyFormula(int id, Func<Formula> read, bool isPlain, string? place, bool isComplement = false) : Formula(id)
{
    private Func<Formula>? read = read;
    private Formula? body;
    private bool isUnwrapping;

    /// <summary>Where the schema is, as pointers in errors are written; null for what is not one.</summary>
    public string? Place { get; } = place;

    public bool IsPlain { get; } = isPlain;

    public bool IsComplement { get; } = isComplement;

    public Formula Body
    {
        get
        {
            if (body is null)
            {
                body = this.read!();
                this.read = null;
            }

            return body;
        }
    }

    public override Formula Core
    {
        get
        {
            // A schema that is nothing but a reference to itself stands for itself.
            if (!IsPlain || isUnwrapping || !System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack())
            {
                return this;
            }

            isUnwrapping = true;
            var core = Body.Core;
            isUnwrapping = false;
            return core;
        }
    }

    public override bool HoldsFor(ValueSummary values, int depth) => depth > 0 && Body.HoldsFor(values, depth - 1);

    protected override ValueSummary Summarize() => Body.Summary;
}
