namespace Penstock.Ledger.Budgets;

/// <summary>
/// Decides claims in memory, for a store that has one writer: the counters of every limit and the reservations that are open. No I/O and no clock.
/// Not thread-safe; a decision takes well below a microsecond, so its owner holds a lock around it.
/// </summary>
internal sealed class BudgetAuthority
{
    /// <summary>A limit on somebody's way to the top, and where on that way the limit is that it guarantees (-1 = none).</summary>
    private readonly record struct Stage(LimitState State, int Below);

    private readonly Dictionary<string, OpenReservation> open = new(StringComparer.Ordinal);

    /// <summary>What each node has settled in the current windows, under its own name: what another tree counts from.</summary>
    private readonly Dictionary<string, Spend[]> spent = new(StringComparer.Ordinal);

    private readonly Dictionary<string, LimitState[]> states;
    private readonly Dictionary<string, Stage[]> paths = new(StringComparer.Ordinal);
    private readonly BudgetTree tree;
    private readonly long[] starts = new long[Enum.GetValues<BudgetWindow>().Length];
    private readonly long[] ends = new long[Enum.GetValues<BudgetWindow>().Length];

    public BudgetAuthority(BudgetTree tree, DateTimeOffset now)
    {
        this.tree = tree;
        states = tree.Nodes.ToDictionary(node => node.Name, node => node.Limits.Select(limit => new LimitState(node, limit)).ToArray(), StringComparer.Ordinal);
        foreach (var state in states.Values.SelectMany(list => list))
        {
            state.Guarantor = tree.Guarantor(state.Node, state.Limit) is { } guarantor
                ? states[guarantor.Name].First(other => other.Limit.Window == state.Limit.Window && other.Limit.Unit == state.Limit.Unit)
                : null;
            state.Promise();
        }

        foreach (var window in Enum.GetValues<BudgetWindow>())
        {
            starts[(int)window] = window.StartOf(now);
            ends[(int)window] = window.EndOf(starts[(int)window]);
        }
    }

    /// <summary>The same usage and reservations, over another tree.</summary>
    public BudgetAuthority Over(BudgetTree another, DateTimeOffset now)
    {
        Advance(now);
        var next = new BudgetAuthority(another, now);
        starts.CopyTo(next.starts, 0);
        ends.CopyTo(next.ends, 0);
        foreach (var (node, used) in spent)
        {
            foreach (var window in BudgetWindows.Timed)
            {
                next.Restore(node, window, used[(int)window]);
            }
        }

        foreach (var reservation in open.Values)
        {
            next.Reopen(reservation);
        }

        return next;
    }

    /// <summary>Counts what was settled before this authority was made.</summary>
    public void Restore(string node, BudgetWindow window, Spend used)
    {
        Note(node, window, used);
        foreach (var (state, _) in PathOf(node))
        {
            if (state.Limit.Window == window)
            {
                state.Settle(0, used.Of(state.Limit.Unit));
            }
        }
    }

    /// <summary>Reserves everywhere and returns null, or nowhere and says why.</summary>
    public BudgetRefusal? Reserve(BudgetClaim claim, DateTimeOffset now, out OpenReservation? reservation)
    {
        reservation = null;
        if (open.ContainsKey(claim.Id))
        {
            throw new ArgumentException($"Request {claim.Id} has an open reservation. Give each request its own id.", nameof(claim));
        }

        if (Decide(claim, now) is { } refusal)
        {
            return refusal;
        }

        // Not before the windows that it was counted in, also when the clock was set back.
        reservation = new(claim.Id, claim.Node, claim.Worst, Math.Max(now.UtcTicks, starts[(int)BudgetWindow.Minute]));
        open.Add(claim.Id, reservation);
        return null;
    }

    /// <summary>As <see cref="Reserve"/>, for a store that keeps the open reservations elsewhere.</summary>
    public BudgetRefusal? Decide(BudgetClaim claim, DateTimeOffset now)
    {
        Advance(now);
        var path = PathOf(claim.Node);
        BudgetRefusal? refusal = null;
        foreach (var (state, below) in path)
        {
            var (window, unit) = (state.Limit.Window, state.Limit.Unit);
            var child = below < 0 ? null : path[below].State;
            var amount = claim.Worst.Of(unit);
            if (state.Check(amount, child, amount, claim.Continues, now, ends[(int)window]) is { } found && (refusal is null || IsLater(found, refusal)))
            {
                refusal = found;
            }
        }

        if (refusal is not null)
        {
            return refusal;
        }

        foreach (var (state, _) in path)
        {
            state.Reserve(claim.Worst.Of(state.Limit.Unit));
        }

        return null;
    }

    /// <summary>Counts what others have settled, reserved or given back on a node in a current window: what has changed since they were counted last.</summary>
    /// <param name="node">Who spends.</param>
    /// <param name="window">The window; what it counts is looked for in its current one.</param>
    /// <param name="used">More settled.</param>
    /// <param name="held">More reserved.</param>
    /// <param name="running">More under way.</param>
    public void Shift(string node, BudgetWindow window, Spend used, Spend held, long running)
    {
        foreach (var (state, _) in PathOf(node))
        {
            if (state.Limit.Window == window)
            {
                var unit = state.Limit.Unit;
                state.Settle(-(unit == BudgetUnit.Concurrency ? running : held.Of(unit)), unit == BudgetUnit.Concurrency ? 0 : used.Of(unit));
            }
        }
    }

    /// <summary>Settles a reservation and returns it; null when there is none.</summary>
    public OpenReservation? Settle(string id, Spend actual, DateTimeOffset now)
    {
        Advance(now);
        if (!open.Remove(id, out var reservation))
        {
            return null;
        }

        var at = new DateTimeOffset(reservation.At, TimeSpan.Zero);
        foreach (var (state, _) in PathOf(reservation.Node))
        {
            var (window, unit) = (state.Limit.Window, state.Limit.Unit);
            if (window.StartOf(at) == starts[(int)window])
            {
                state.Settle(reservation.Worst.Of(unit), unit == BudgetUnit.Concurrency ? 0 : actual.Of(unit));
            }
        }

        foreach (var window in BudgetWindows.Timed)
        {
            if (actual != default && window.StartOf(at) == starts[(int)window])
            {
                Note(reservation.Node, window, actual);
            }
        }

        return reservation;
    }

    /// <summary>The open reservations that were made before this moment.</summary>
    public IReadOnlyList<OpenReservation> MadeBefore(DateTimeOffset moment) => [.. open.Values.Where(reservation => reservation.At < moment.UtcTicks)];

    /// <summary>The open reservations of a node and of those below it, the oldest first.</summary>
    public IReadOnlyList<OpenReservation> OpenAt(string node) =>
        [.. open.Values.Where(reservation => tree.PathOf(reservation.Node).Any(one => one.Name == node)).OrderBy(reservation => reservation.At)];

    public IReadOnlyList<BudgetUsage> Read(string node, DateTimeOffset now)
    {
        Advance(now);
        return states.TryGetValue(node, out var list) ? [.. list.Select(state => state.ToUsage())] : [];
    }

    // A clock that is set back does not reopen a window: what was used in the later one would be free again.
    private void Advance(DateTimeOffset now)
    {
        foreach (var window in BudgetWindows.Timed)
        {
            if (now.UtcTicks < ends[(int)window])
            {
                continue;
            }

            starts[(int)window] = window.StartOf(now);
            ends[(int)window] = window.EndOf(starts[(int)window]);
            foreach (var state in states.Values.SelectMany(list => list).Where(state => state.Limit.Window == window))
            {
                state.Reset();
            }

            foreach (var used in spent.Values)
            {
                used[(int)window] = default;
            }
        }
    }

    private void Note(string node, BudgetWindow window, Spend more)
    {
        if (!spent.TryGetValue(node, out var used))
        {
            spent.Add(node, used = new Spend[starts.Length]);
        }

        ref var sum = ref used[(int)window];
        sum = new Spend(sum.Requests + more.Requests, sum.Tokens + more.Tokens, sum.PicoUsd + more.PicoUsd);
    }

    // Granted before: whether there is room is no question any more.
    private void Reopen(OpenReservation reservation)
    {
        open.Add(reservation.Id, reservation);
        var at = new DateTimeOffset(reservation.At, TimeSpan.Zero);
        foreach (var (state, _) in PathOf(reservation.Node))
        {
            if (state.Limit.Window.StartOf(at) == starts[(int)state.Limit.Window])
            {
                state.Reserve(reservation.Worst.Of(state.Limit.Unit));
            }
        }
    }

    private Stage[] PathOf(string node)
    {
        if (paths.TryGetValue(node, out var known))
        {
            return known;
        }

        var way = tree.PathOf(node).SelectMany(one => states[one.Name]).ToArray();
        Stage[] path = [.. way.Select(state => new Stage(state, Array.FindIndex(way, other => other.Guarantor == state)))];

        // Only of the tree's own nodes: what others call themselves must not fill the memory.
        if (tree.Has(node))
        {
            paths[node] = path;
        }

        return path;
    }

    // Named is the limit for which one waits longest: when it has room, so have the others.
    private static bool IsLater(BudgetRefusal one, BudgetRefusal other) => Wait(one).CompareTo(Wait(other)) > 0;

    private static (bool, long) Wait(BudgetRefusal refusal) => (refusal.NeverFits, refusal.FreesSoon ? 0 : refusal.Resets?.UtcTicks ?? 0);
}
