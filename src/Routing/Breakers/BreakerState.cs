namespace Penstock.Routing.Breakers;

/// <summary>Whether a target is asked.</summary>
public enum BreakerState
{
    /// <summary>It is.</summary>
    Closed,

    /// <summary>It is not: it has failed too often.</summary>
    Open,

    /// <summary>One request at a time tries whether it is back.</summary>
    HalfOpen,
}
