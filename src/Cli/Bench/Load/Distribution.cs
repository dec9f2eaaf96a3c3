using Penstock.Ledger;

namespace Penstock.Cli.Bench.Load;

/// <summary>Exact percentiles (nearest rank) of many values; null where there are none.</summary>
internal sealed record Distribution(double? P50, double? P90, double? P99, double? Max)
{
    public static Distribution Of(IReadOnlyList<double> sorted) => new(At(sorted, 0.5), At(sorted, 0.9), At(sorted, 0.99), At(sorted, 1));

    private static double? At(IReadOnlyList<double> sorted, double share) => Percentile.Of(sorted, share) is { } value ? Math.Round(value, 3) : null;
}
