namespace Penstock.Planning.Fairness;

/// <summary>A request's service, which the metrics spread evenly over the time from its first to its last token.</summary>
/// <param name="Tenant">Number of the tenant, from 0.</param>
/// <param name="Arrival">In seconds, like the others.</param>
/// <param name="FirstToken">When service began.</param>
/// <param name="End">When it ended.</param>
/// <param name="Service">Weighted tokens.</param>
public readonly record struct ServiceSpan(int Tenant, double Arrival, double FirstToken, double End, double Service)
{
    /// <summary>Service received between two times.</summary>
    public double Between(double from, double to)
    {
        // One token: all of it at once.
        if (End - FirstToken < 1e-5)
            return End > from && End <= to ? Service : 0;
        return Service * Math.Max(0, Math.Min(to, End) - Math.Max(from, FirstToken)) / (End - FirstToken);
    }
}
