using Penstock.Ledger.Budgets;

namespace Penstock.Ledger.Postgres;

/// <summary>
/// What one gateway knows of everybody's usage: a copy of the rows of the current windows, and the limits' counters that follow from it. True only while the gateway holds the turn and has
/// read what changed since its last one. One user at a time.
/// </summary>
internal sealed class BudgetMirror(BudgetTree first)
{
    private readonly Dictionary<BudgetKey, BudgetRow> rows = [];
    private readonly Dictionary<BudgetKey, BudgetRow> changes = [];
    private readonly Dictionary<BudgetWindow, long> starts = [];
    private BudgetTree tree = first;
    private BudgetAuthority? authority;
    private DateTimeOffset latest = DateTimeOffset.MinValue;

    /// <summary>The last turn that is in here; -1 = nothing is.</summary>
    public long Seen { get; set; } = -1;

    /// <summary>The moment for which everything here holds. Never goes back: a clock that is set back reopens no window.</summary>
    public DateTimeOffset Now => latest;

    /// <summary>What this turn has changed.</summary>
    public IReadOnlyDictionary<BudgetKey, BudgetRow> Changes => changes;

    /// <summary>Forgets everything: what was changed here was not stored, or another tree counts from now on.</summary>
    public void Forget(BudgetTree? another = null)
    {
        tree = another ?? tree;
        rows.Clear();
        changes.Clear();
        authority = null;
        Seen = -1;
    }

    /// <summary>It is this late now.</summary>
    /// <returns>Whether the rows of all current windows are needed: nothing is known yet, or a window has begun.</returns>
    public bool Advance(DateTimeOffset now)
    {
        latest = now > latest ? now : latest;
        if (authority is not null && BudgetWindows.Timed.All(window => window.StartOf(latest) == starts[window]))
        {
            return false;
        }

        Forget();
        starts[BudgetWindow.Now] = 0;
        foreach (var window in BudgetWindows.Timed)
        {
            starts[window] = window.StartOf(latest);
        }

        authority = new BudgetAuthority(tree, latest);
        return true;
    }

    /// <summary>When the current window began.</summary>
    public long StartOf(BudgetWindow window) => starts[window];

    /// <summary>Takes over what a row says now.</summary>
    public void Read(BudgetKey key, BudgetRow row)
    {
        if (key.Start == starts[key.Window])
        {
            Count(key, row - rows.GetValueOrDefault(key));
        }
    }

    /// <summary>Reserves on the whole way, or says why not.</summary>
    public BudgetRefusal? Reserve(BudgetClaim claim, out OpenReservation reservation)
    {
        reservation = new(claim.Id, claim.Node, claim.Worst, latest.UtcTicks);
        if (authority!.Decide(claim, latest) is { } refusal)
        {
            return refusal;
        }

        foreach (var (key, change) in Changed(reservation, held: 1, actual: default))
        {
            changes[key] = changes.GetValueOrDefault(key) + change;
            rows[key] = rows.GetValueOrDefault(key) + change;
        }

        return null;
    }

    /// <summary>Puts what was spent in the place of a reservation that has been removed.</summary>
    public void Settle(OpenReservation reservation, Spend actual)
    {
        foreach (var (key, change) in Changed(reservation, held: -1, actual))
        {
            changes[key] = changes.GetValueOrDefault(key) + change;
            if (key.Start == starts[key.Window])
            {
                Count(key, change);
            }
        }
    }

    /// <summary>How the limits of a node stand.</summary>
    public IReadOnlyList<BudgetUsage> UsageOf(string node) => authority!.Read(node, latest);

    /// <summary>The turn is over and stored.</summary>
    public void Committed(long version)
    {
        changes.Clear();
        Seen = version;
    }

    // In the windows in which it was let in, however late it ends.
    private static IEnumerable<(BudgetKey Key, BudgetRow Change)> Changed(OpenReservation reservation, int held, Spend actual)
    {
        var at = new DateTimeOffset(reservation.At, TimeSpan.Zero);
        var holding = held > 0 ? reservation.Worst : default(Spend) - reservation.Worst;
        yield return (new(reservation.Node, BudgetWindow.Now, 0), new(default, default, held));
        foreach (var window in BudgetWindows.Timed)
        {
            yield return (new(reservation.Node, window, window.StartOf(at)), new(actual, holding, 0));
        }
    }

    private void Count(BudgetKey key, BudgetRow change)
    {
        rows[key] = rows.GetValueOrDefault(key) + change;
        authority!.Shift(key.Node, key.Window, change.Used, change.Held, change.Running);
    }
}
