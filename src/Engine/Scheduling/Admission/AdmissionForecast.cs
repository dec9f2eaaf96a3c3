using Penstock.Contracts.Requests;

namespace Penstock.Engine.Scheduling.Admission;

/// <summary>
/// When a request that comes now would give its first token, from what waits and what steps cost. Written by the scheduler once a
/// step, read by any thread; figures of two steps may mix, which a forecast bears.
/// </summary>
/// <remarks>
/// The order is that of the virtual counters as fluids: until the tenant's counter has grown by its own work, every other tenant
/// of its class is served up to the same counter, and classes above it are served first. So a tenant's burst puts off its own requests, not
/// the others'. Of each tenant's prompts as much is left out as was cached of its last ones. Sampled tokens and lifts by age are left out.
/// </remarks>
public sealed class AdmissionForecast
{
    private readonly bool fair;
    private double secondsPerPromptToken;
    private double secondsPerStep;
    private bool known;

    internal AdmissionForecast(bool fair) => this.fair = fair;

    /// <summary>Whether enough steps have been measured for a forecast to mean anything.</summary>
    public bool Known => Volatile.Read(ref known);

    /// <summary>Seconds that a prompt token takes from prompts in the queue, beside the streams that run now.</summary>
    public double SecondsPerPromptToken => Volatile.Read(ref secondsPerPromptToken);

    /// <summary>Seconds between two tokens of a stream now.</summary>
    public double SecondsPerStep => Volatile.Read(ref secondsPerStep);

    /// <summary>Seconds until a tenant's prompt is computed if nobody else wants anything.</summary>
    public double Alone(TenantAccount tenant, int promptTokens) => ToCompute(tenant, promptTokens) * SecondsPerPromptToken;

    /// <summary>Seconds until the first token of a request that comes now.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="serviceClass">Its class.</param>
    /// <param name="promptTokens">Its prompt.</param>
    /// <param name="tenants">All tenants.</param>
    public double TimeToFirstToken(TenantAccount tenant, ServiceClass serviceClass, int promptTokens, TenantAccounts tenants)
    {
        var own = ToCompute(tenant, promptTokens + tenant.Outstanding(serviceClass));
        var ahead = own + Above(tenant, serviceClass);
        var counter = Math.Max(tenant.Service, tenant.Contending > 0 ? 0 : LeastActive(tenants)) + (own / tenant.Weight);
        foreach (var other in tenants)
        {
            if (other == tenant)
                continue;

            var waits = ToCompute(other, other.Outstanding(serviceClass));
            ahead += Above(other, serviceClass) + (fair ? Math.Clamp((counter - other.Service) * other.Weight, 0, waits) : waits);
        }

        return ahead * SecondsPerPromptToken;
    }

    internal void Publish(double promptToken, double step, bool isKnown)
    {
        Volatile.Write(ref secondsPerPromptToken, promptToken);
        Volatile.Write(ref secondsPerStep, step);
        Volatile.Write(ref known, isKnown);
    }

    private static double LeastActive(TenantAccounts tenants)
    {
        var least = double.MaxValue;
        foreach (var other in tenants)
        {
            if (other.Contending > 0)
                least = Math.Min(least, other.Service);
        }

        return least == double.MaxValue ? 0 : least;
    }

    private static double ToCompute(TenantAccount tenant, long promptTokens) => promptTokens * (1 - tenant.CachedShare);

    // All classes before this one; without classes, all that are not this one.
    private double Above(TenantAccount tenant, ServiceClass serviceClass)
    {
        var tokens = 0L;
        for (var other = ServiceClass.Interactive; other <= ServiceClass.Batch; other++)
            tokens += other < serviceClass || (!fair && other != serviceClass) ? tenant.Outstanding(other) : 0;
        return ToCompute(tenant, tokens);
    }
}
