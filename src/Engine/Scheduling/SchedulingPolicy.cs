namespace Penstock.Engine.Scheduling;

/// <summary>Who is computed next.</summary>
public enum SchedulingPolicy
{
    /// <summary>By class, then by service received of each tenant, then by priority, deadline and arrival.</summary>
    Fair,

    /// <summary>By arrival, whoever asks: what <see cref="Fair"/> is compared with.</summary>
    FirstComeFirstServed,

    /// <summary>By arrival, and decoding stands still while a prompt is computed: what chunking is compared with.</summary>
    Unchunked,
}
