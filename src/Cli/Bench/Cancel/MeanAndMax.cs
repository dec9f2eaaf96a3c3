namespace Penstock.Cli.Bench.Cancel;

/// <summary>The mean and the greatest of some values; null where there are none.</summary>
internal sealed record MeanAndMax(double? Mean, double? Max)
{
    public static MeanAndMax Of(IReadOnlyCollection<double> values) =>
        values.Count == 0 ? new(null, null) : new(Math.Round(values.Average(), 3), Math.Round(values.Max(), 3));
}
