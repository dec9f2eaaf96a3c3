using System.Text.Json.Serialization;

namespace Penstock.Cli.Bench.Load;

/// <summary>Resident memory of a watched process over a load. The property names are the JSON's.</summary>
/// <param name="Pid">Whose memory.</param>
/// <param name="StartMb">Before the first request, in 10^6 bytes like the others.</param>
/// <param name="MedianMb">Of all samples.</param>
/// <param name="MaxMb">The largest sample.</param>
/// <param name="EndMb">After the last request.</param>
/// <param name="SlopeMbPer10KRequests">Least squares over the second half of the samples: the first half holds what a server sets up once. Null below four samples.</param>
/// <param name="Samples">How many readings these are.</param>
internal sealed record MemoryReport(
    int Pid,
    double StartMb,
    double MedianMb,
    double MaxMb,
    double EndMb,
    [property: JsonPropertyName("slope_mb_per_10k_requests")] double? SlopeMbPer10KRequests,
    int Samples)
{
    private const double Mega = 1e6;

    /// <param name="pid">Whose memory.</param>
    /// <param name="samples">In order: requests done by then, and bytes. At least one.</param>
    public static MemoryReport Of(int pid, IReadOnlyList<(int Requests, long Bytes)> samples)
    {
        var sorted = samples.Select(sample => sample.Bytes).Order().ToList();
        return new MemoryReport(
            pid,
            Megabytes(samples[0].Bytes),
            Megabytes(sorted[(sorted.Count - 1) / 2]),
            Megabytes(sorted[^1]),
            Megabytes(samples[^1].Bytes),
            Slope([.. samples.Skip(samples.Count / 2)]) is { } bytesPerRequest ? Math.Round(bytesPerRequest * 10_000 / Mega, 3) : null,
            samples.Count);
    }

    private static double? Slope(IReadOnlyList<(int Requests, long Bytes)> samples)
    {
        if (samples.Count < 2)
            return null;
        var meanX = samples.Average(sample => (double)sample.Requests);
        var meanY = samples.Average(sample => (double)sample.Bytes);
        var spread = samples.Sum(sample => Math.Pow(sample.Requests - meanX, 2));
        return spread > 0 ? samples.Sum(sample => (sample.Requests - meanX) * (sample.Bytes - meanY)) / spread : null;
    }

    private static double Megabytes(long bytes) => Math.Round(bytes / Mega, 2);
}
