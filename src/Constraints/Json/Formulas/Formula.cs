namespace Penstock.Constraints.Json.Formulas;

/// <summary>
/// A condition on a JSON value: kinds, an <see cref="Atom"/>, a conjunction, a disjunction, or a schema that is read when it is needed. Negations
/// are only found on schemas that have not been read. Equal conditions are mostly one object, told by <see cref="Id"/>.
/// </summary>
internal abstract class Formula(int id)
{
    private ValueSummary? summary;
    private bool summarizing;

    public int Id { get; } = id;

    /// <summary>What can be told of the values without following properties or items: never less than the values there are.</summary>
    public ValueSummary Summary
    {
        get
        {
            if (summary is { } known)
            {
                return known;
            }

            // A schema that refers to itself in place, or very deep nesting: no more is known than that it is a value.
            if (summarizing || !System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack())
            {
                return ValueSummary.Any;
            }

            summarizing = true;
            summary = Summarize();
            summarizing = false;
            return summary;
        }
    }

    /// <summary>The formula that this one stands for: schemas that say the same have the same.</summary>
    public virtual Formula Core => this;

    /// <summary>Whether each of some values satisfies it, as far as that is quick to see.</summary>
    /// <param name="values">The values; they may be fewer than the summary says.</param>
    /// <param name="depth">How many schemas within schemas are looked into.</param>
    public abstract bool HoldsFor(ValueSummary values, int depth);

    protected abstract ValueSummary Summarize();
}
