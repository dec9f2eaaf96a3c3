namespace Penstock.Ledger.Budgets;

/// <summary>How one limit of one node stands. Mutable; guarded by its <see cref="BudgetAuthority"/>.</summary>
/// <param name="node">The node.</param>
/// <param name="limit">The limit.</param>
internal sealed class LimitState(BudgetNode node, BudgetLimit limit)
{
    private const int Whole = 1000;

    public BudgetNode Node => node;

    public BudgetLimit Limit => limit;

    /// <summary>The nearest limit of the same window and unit above, from whose cap this node's guarantee is promised.</summary>
    public LimitState? Guarantor { get; set; }

    public long Used { get; private set; }

    public long Reserved { get; private set; }

    /// <summary>What is left of the guarantees that are promised from here.</summary>
    public long Promised { get; private set; }

    /// <summary>What is left of this node's own guarantee.</summary>
    private long Unused => Math.Max(0, limit.Guarantee - Used - Reserved);

    /// <summary>The guarantee was promised, once, when the tree was built.</summary>
    public void Promise()
    {
        if (Guarantor is { } guarantor)
        {
            guarantor.Promised += Unused;
        }
    }

    /// <summary>Why there is no room for this much, or null. <paramref name="below"/> is the limit of the claim's own branch that this one is the guarantor of.</summary>
    public BudgetRefusal? Check(long amount, LimitState? below, long belowAmount, bool continues, DateTimeOffset now, long windowEnd)
    {
        if (limit.Cap is not { } whole)
        {
            return null;
        }

        var cap = node.Ramp?.Apply(whole, now) ?? whole;
        var promised = Promised - (below is null ? 0 : below.Unused - Math.Max(0, below.Unused - belowAmount));
        var kept = promised + (continues || limit.Unit == BudgetUnit.Concurrency ? 0 : (long)((Int128)cap * node.RunShare / Whole));
        return (Int128)Used + Reserved + kept + amount <= cap
            ? null
            : new BudgetRefusal(
                node.Name, limit.Window, limit.Unit, cap, Used, Reserved, kept, amount, limit.Window == BudgetWindow.Now ? null : new DateTimeOffset(windowEnd, TimeSpan.Zero));
    }

    public void Reserve(long amount) => Change(0, amount);

    public void Settle(long reserved, long actual) => Change(actual, -reserved);

    /// <summary>A new window has begun.</summary>
    public void Reset() => Change(-Used, -Reserved);

    public BudgetUsage ToUsage() => new(limit, Used, Reserved, Promised);

    private void Change(long used, long reserved)
    {
        var before = Unused;
        Used += used;
        Reserved += reserved;
        if (Guarantor is { } guarantor)
        {
            guarantor.Promised += Unused - before;
        }
    }
}
