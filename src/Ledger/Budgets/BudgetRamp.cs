namespace Penstock.Ledger.Budgets;

/// <summary>Caps of a new node grow in a straight line to their full size, so that a tenant cannot go from nothing to everything in one step.</summary>
/// <param name="From">When it began, with <paramref name="Share"/> of each cap.</param>
/// <param name="Over">How long until the caps are whole.</param>
/// <param name="Share">The share of each cap to begin with, in thousandths.</param>
public sealed record BudgetRamp(DateTimeOffset From, TimeSpan Over, int Share)
{
    private const int Whole = 1000;

    /// <summary>What is left of a cap at this moment, rounded down, but never less than 1.</summary>
    public long Apply(long cap, DateTimeOffset now)
    {
        var past = Math.Clamp((now - From).Ticks, 0, Over.Ticks);
        return past == Over.Ticks ? cap : Math.Max(1, (long)((Int128)cap * (((Int128)Share * Over.Ticks) + ((Int128)(Whole - Share) * past)) / ((Int128)Whole * Over.Ticks)));
    }
}
