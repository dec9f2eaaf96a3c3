namespace Penstock.Tools.Oracle.Bench;

/// <summary>Medians of one engine's samples.</summary>
internal sealed record Rate(double TokensPerCpuS, double TokensPerS)
{
    public static Rate? Of(List<Sample>? samples) =>
        samples is null ? null : new Rate(Median(samples.Select(sample => sample.TokensPerCpuSecond)), Median(samples.Select(sample => sample.TokensPerSecond)));

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return Math.Round((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, 4);
    }
}
