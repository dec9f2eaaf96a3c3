using Penstock.Ledger;

namespace Penstock.Cli.Bench.Load;

/// <summary>The house's rule for what a user feels as a stall: a gap over 500 ms and over ten times the stream's median gap.</summary>
internal static class Stalls
{
    private const float LeastMs = 500;
    private const float TimesMedian = 10;

    public static int In(IReadOnlyList<float> gapsMs)
    {
        if (!gapsMs.Any(gap => gap > LeastMs))
            return 0;

        var median = Percentile.Of([.. gapsMs.Order()], 0.5) ?? 0;
        return gapsMs.Count(gap => gap > LeastMs && gap > TimesMedian * median);
    }
}
