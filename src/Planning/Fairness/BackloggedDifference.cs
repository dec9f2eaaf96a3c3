namespace Penstock.Planning.Fairness;

/// <summary>
/// What VTC's theorem 4.4 bounds (Sheng et al., OSDI 2024): how far the exact service of two tenants drifts apart in any time in
/// which both have requests waiting throughout. Looks at every pair after every step.
/// </summary>
public sealed class BackloggedDifference
{
    /// <summary>More tenants than this have too many pairs for every step.</summary>
    public const int MostTenants = 64;

    private readonly double[] service;
    private readonly double[] before;
    private readonly int[] waiting;
    private readonly Drift[] drifts;

    private BackloggedDifference(int tenants)
    {
        (service, before, waiting) = (new double[tenants], new double[tenants], new int[tenants]);
        drifts = new Drift[tenants * tenants];
    }

    /// <summary>The largest so far.</summary>
    public double Max { get; private set; }

    /// <returns>Null above <see cref="MostTenants"/>.</returns>
    public static BackloggedDifference? For(int tenants) => tenants <= MostTenants ? new BackloggedDifference(tenants) : null;

    /// <summary>A request of the tenant waits.</summary>
    public void Arrived(int tenant) => waiting[tenant]++;

    /// <summary>One of them waits no longer.</summary>
    public void Started(int tenant) => waiting[tenant]--;

    /// <summary>The tenant gets this much in the present step.</summary>
    public void Serve(int tenant, double amount) => service[tenant] += amount;

    /// <summary>The step is over.</summary>
    public void StepDone()
    {
        for (var i = 0; i < service.Length; i++)
        {
            for (var j = 0; j < i; j++)
                Follow(ref drifts[(i * service.Length) + j], waiting[i] > 0 && waiting[j] > 0, before[i] - before[j], service[i] - service[j]);
        }

        service.CopyTo(before, 0);
    }

    private void Follow(ref Drift drift, bool bothWait, double was, double now)
    {
        if (!bothWait)
        {
            drift = default;
            return;
        }

        if (!drift.Runs)
            drift = new Drift(true, was, was);
        drift = new Drift(true, Math.Min(drift.Least, now), Math.Max(drift.Most, now));
        Max = Math.Max(Max, drift.Most - drift.Least);
    }

    private readonly record struct Drift(bool Runs, double Least, double Most);
}
