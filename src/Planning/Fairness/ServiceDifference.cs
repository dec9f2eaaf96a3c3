namespace Penstock.Planning.Fairness;

/// <summary>
/// The fairness metrics of VTC's experiments (Sheng et al., OSDI 2024, section 5.1, and as its published artifact computes them):
/// service = prompt tokens + 2 × output tokens, at 19 points of the trace's duration after a warm-up of 30 s, windows of 60 s.
/// </summary>
/// <remarks>
/// At each point, with s_i the service and r_i the requested service a second of tenant i in the window, the service difference is
/// Σ min(max s − s_i, |r_i − s_i|): what a tenant lacks counts only as far as it asked for it. Over the artifact's recorded runs of
/// the 27-tenant trace this gives the paper's 759.97 (FCFS) and 368.40 (VTC).
/// </remarks>
public static class ServiceDifference
{
    public const double PromptWeight = 1;
    public const double OutputWeight = 2;
    public const double WindowSeconds = 60;
    public const double WarmUpSeconds = 30;
    private const int Points = 20;

    /// <summary>The service of a request.</summary>
    public static double Of(int promptTokens, int outputTokens) => (PromptWeight * promptTokens) + (OutputWeight * outputTokens);

    /// <summary>The differences over time; none when the trace is not longer than the warm-up.</summary>
    /// <param name="spans">Every request.</param>
    /// <param name="tenants">Number of tenants.</param>
    /// <param name="duration">Seconds from the first to the last arrival.</param>
    public static IReadOnlyList<DifferencePoint> Series(IReadOnlyList<ServiceSpan> spans, int tenants, double duration)
    {
        if (duration <= WarmUpSeconds || spans.Count == 0)
            return [];

        var points = new DifferencePoint[Points - 1];
        var (received, requested, accumulated) = (new double[tenants], new double[tenants], new double[tenants]);
        for (var i = 0; i < points.Length; i++)
        {
            var at = WarmUpSeconds + ((duration - WarmUpSeconds) / Points * (i + 1));
            var (from, to) = (at - (WindowSeconds / 2), at + (WindowSeconds / 2));
            Array.Clear(received);
            Array.Clear(requested);
            Array.Clear(accumulated);
            foreach (var span in spans)
            {
                received[span.Tenant] += span.Between(from, to) / WindowSeconds;
                accumulated[span.Tenant] += span.Between(WarmUpSeconds, at);
                if (span.Arrival >= from && span.Arrival <= to)
                    requested[span.Tenant] += span.Service / WindowSeconds;
            }

            points[i] = new DifferencePoint(at, Difference(received, requested), accumulated.Max() - accumulated.Min());
        }

        return points;
    }

    /// <summary>Of one window: received and requested service of each tenant.</summary>
    public static double Difference(ReadOnlySpan<double> received, ReadOnlySpan<double> requested)
    {
        var most = 0.0;
        foreach (var service in received)
            most = Math.Max(most, service);

        var sum = 0.0;
        for (var i = 0; i < received.Length; i++)
            sum += Math.Min(most - received[i], Math.Abs(requested[i] - received[i]));
        return sum;
    }
}
