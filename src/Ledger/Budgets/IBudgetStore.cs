namespace Penstock.Ledger.Budgets;

/// <summary>
/// Who may spend how much. Each request reserves the worst that it can cost on every node from its key to the top, and afterwards settles
/// what it did cost. Thread-safe. The law: in every window, settled + reserved is never above a cap, whatever is interleaved, cancelled or killed,
/// as long as nobody spends more than it reserved. What is spent beyond a reservation is counted too: the cap is then overrun by that much, and the node gets nothing more.
/// </summary>
public interface IBudgetStore : IAsyncDisposable
{
    /// <summary>
    /// Reserves the worst case on all nodes at once, or on none. A node that the tree does not have is free of limits, and its usage is kept all the same.
    /// </summary>
    /// <exception cref="ArgumentException">The id has an open reservation already.</exception>
    ValueTask<BudgetGrant> ReserveAsync(BudgetClaim claim);

    /// <summary>
    /// Puts what was spent in the place of what was reserved, in the windows in which it was reserved. An id that has no open reservation
    /// (settled before, recovered, refused) changes nothing.
    /// </summary>
    /// <exception cref="LedgerException">It counts here, but is not stored yet; it is tried again, and a process that dies first leaves the worst case.</exception>
    ValueTask SettleAsync(string id, Spend actual);

    /// <summary>
    /// Settles reservations whose owner is dead or whose lease has passed at their worst case, since nobody knows what they did cost and a provider may have billed
    /// them. Each is recovered once. Happens on its own when a store is opened and while it is used.
    /// </summary>
    /// <returns>How many there were.</returns>
    ValueTask<int> RecoverAsync();

    /// <summary>How the limits of a node stand; empty where it has none.</summary>
    ValueTask<IReadOnlyList<BudgetUsage>> ReadAsync(string node);

    /// <summary>The claims on a node, and on those below it, that were granted and are not settled; the oldest first.</summary>
    ValueTask<IReadOnlyList<OpenReservation>> ListReservationsAsync(string node);

    /// <summary>
    /// Puts another tree in the place of this one. What was used in the current windows and what is reserved stays, and counts on the new tree's paths; where that is more than a
    /// new cap allows, nothing more is granted until there is room.
    /// </summary>
    ValueTask ConfigureAsync(BudgetTree tree);
}
