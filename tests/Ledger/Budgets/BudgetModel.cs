using Penstock.Ledger.Budgets;

namespace Penstock.Ledger.Tests.Budgets;

/// <summary>What a store must say, computed the slow way from everything that was ever granted.</summary>
internal sealed class BudgetModel(SettableTime time)
{
    private sealed record Entry(string Id, string Node, DateTimeOffset At, Spend Worst)
    {
        public Spend? Actual { get; set; }
    }

    private readonly List<Entry> entries = [];

    /// <summary>All ids that were ever granted.</summary>
    public IReadOnlyList<string> Ids => [.. entries.Select(entry => entry.Id)];

    public void Granted(BudgetClaim claim) => entries.Add(new(claim.Id, claim.Node, time.Now, claim.Worst));

    /// <summary>The first settlement counts.</summary>
    public void Settled(string id, Spend actual)
    {
        if (entries.Find(one => one.Id == id) is { Actual: null } entry)
        {
            entry.Actual = actual;
        }
    }

    public Spend WorstOf(string id) => entries.First(entry => entry.Id == id).Worst;

    /// <summary>Whatever is open, and older than this, is settled at its worst case.</summary>
    public int Recovered(TimeSpan olderThan)
    {
        var abandoned = entries.Where(entry => entry.Actual is null && entry.At < time.Now - olderThan).ToList();
        abandoned.ForEach(entry => entry.Actual = entry.Worst);
        return abandoned.Count;
    }

    public void Killed() => entries.ForEach(entry => entry.Actual ??= entry.Worst);

    /// <summary>Whether every cap on the way has room, with what is left of others' guarantees kept for them.</summary>
    public bool Fits(BudgetClaim claim)
    {
        var way = BudgetSteps.Tree.PathOf(claim.Node);
        return way.All(node => node.Limits.All(limit =>
        {
            var total = Total(node.Name, limit) + claim.Worst.Of(limit.Unit);
            return limit.Cap is not { } cap || total + Promised(node, limit, way, claim.Worst) <= cap;
        }));
    }

    /// <summary>What is left of the guarantees from this limit, if the nodes of this way had spent this much more.</summary>
    public long Promised(BudgetNode node, BudgetLimit limit, IReadOnlyList<BudgetNode> way, Spend more) =>
        (from other in BudgetSteps.Tree.Nodes
         from promise in other.Limits
         where promise.Guarantee > 0 && promise.Window == limit.Window && promise.Unit == limit.Unit && NearestAbove(other, promise) == node.Name
         select Math.Max(0, promise.Guarantee - Total(other.Name, promise) - (way.Contains(other) ? more.Of(promise.Unit) : 0))).Sum();

    private static string? NearestAbove(BudgetNode node, BudgetLimit limit) =>
        BudgetSteps.Tree.PathOf(node.Name).Skip(1).FirstOrDefault(above => above.Limits.Any(other => other.Window == limit.Window && other.Unit == limit.Unit))?.Name;

    private long Total(string node, BudgetLimit limit)
    {
        var (used, reserved) = Expect(node, limit);
        return used + reserved;
    }

    public (long Used, long Reserved) Expect(string node, BudgetLimit limit)
    {
        var here = entries.Where(entry => BudgetSteps.Tree.PathOf(entry.Node).Any(one => one.Name == node)
            && (limit.Window == BudgetWindow.Now || limit.Window.StartOf(entry.At) == limit.Window.StartOf(time.Now))).ToList();
        var used = limit.Unit == BudgetUnit.Concurrency ? 0 : here.Sum(entry => entry.Actual?.Of(limit.Unit) ?? 0);
        return (used, here.Where(entry => entry.Actual is null).Sum(entry => entry.Worst.Of(limit.Unit)));
    }
}
