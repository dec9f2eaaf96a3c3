namespace Penstock.Constraints.Json.Formulas;

/// <summary>A condition that is worked out when it is needed, which is what lets schemas refer to themselves: a schema at a place, or the negation of one.</summary>
internal sealed class LazyFormula(int id, Func<Formula> read, string? place) : Formula(id)
{
    private Func<Formula>? _read = read;
    private Formula? _body;

    /// <summary>Where the schema is, as pointers in errors are written; null for what is not one.</summary>
    public string? Place { get; } = place;

    public Formula Body
    {
        get
        {
            if (_body is null)
            {
                _body = _read!();
                _read = null;
            }

            return _body;
        }
    }

    protected override ValueSummary Summarize() => Body.Summary;
}
