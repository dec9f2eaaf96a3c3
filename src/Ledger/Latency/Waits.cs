namespace Penstock.Ledger.Latency;

/// <summary>Percentiles of how long something took, each a value that occurred; null where nothing did.</summary>
public sealed record Waits(TimeSpan? P50, TimeSpan? P90, TimeSpan? P99, TimeSpan? Max)
{
    /// <param name="ticks">The values, in any order; sorted by this.</param>
    internal static Waits Of(List<long> ticks)
    {
        ticks.Sort();
        return new Waits(At(0.5), At(0.9), At(0.99), At(1));

        TimeSpan? At(double share) => Percentile.Of(ticks, share) is { } value ? TimeSpan.FromTicks(value) : null;
    }
}
