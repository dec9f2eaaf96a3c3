namespace Penstock.Ledger;

/// <summary>Exact percentiles by nearest rank: always a value that was observed, never one in between.</summary>
public static class Percentile
{
    /// <summary>The smallest value that at least this share of all values does not exceed.</summary>
    /// <param name="sorted">The values in ascending order.</param>
    /// <param name="share">0 (the least) to 1 (the greatest).</param>
    /// <returns>The value, or null where there are none.</returns>
    public static T? Of<T>(IReadOnlyList<T> sorted, double share)
        where T : struct
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        if (sorted.Count == 0)
        {
            return null;
        }

        // 0.99 * 100 is 99.00000000000001 in binary; without the small step back the rank would be 100.
        var rank = (int)Math.Ceiling((share * sorted.Count) - 1e-9);
        return sorted[Math.Clamp(rank, 1, sorted.Count) - 1];
    }
}
