namespace Penstock.ProcessOnce;

/// <summary>What has become of a delivery. Only <see cref="TryAgain"/> must not be acknowledged.</summary>
public enum Processed
{
    /// <summary>The event has had its effect, just now.</summary>
    Applied,

    /// <summary>It had had it before.</summary>
    Duplicate,

    /// <summary>The gateway refuses the event for good: it is for people to look at.</summary>
    Poison,

    /// <summary>Nobody has decided yet. Deliver it again, later.</summary>
    TryAgain,
}
