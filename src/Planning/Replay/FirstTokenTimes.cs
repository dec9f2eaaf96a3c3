namespace Penstock.Planning.Replay;

/// <summary>Seconds from arrival to the first token.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="P99">The smallest that at least 99% do not exceed.</param>
public sealed record FirstTokenTimes(double Mean, double P99)
{
    /// <summary>Null when there are none.</summary>
    internal static FirstTokenTimes? Of(IEnumerable<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];

        // 0.99 * 100 is a little over 99 in binary.
        return sorted.Length == 0 ? null : new FirstTokenTimes(sorted.Average(), sorted[Math.Max(1, (int)Math.Ceiling((0.99 * sorted.Length) - 1e-9)) - 1]);
    }
}
