namespace Penstock.Gateway.Tenancy;

/// <summary>A call that its run's limits let in.</summary>
/// <param name="Call">To be ended; null where nobody limits the run.</param>
public sealed record RunEntry(RunCall? Call)
{
    public static RunEntry Free { get; } = new((RunCall?)null);
}
