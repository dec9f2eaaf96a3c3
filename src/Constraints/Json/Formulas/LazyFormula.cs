namespace Penstock.Constraints.Json.Formulas;

/// <summary>A condition that is worked out when it is needed, which is what lets schemas refer to themselves: a schema at a place, or the negation of one.</summary>
internal sealed class LazyFormula(int id, Func<Formula> read) : Formula(id)
{
    private Func<Formula>? _read = read;
    private Formula? _body;

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
