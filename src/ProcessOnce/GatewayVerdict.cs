namespace Penstock.ProcessOnce;

/// <summary>What a gateway's answer means for the event it was asked about.</summary>
public enum GatewayVerdict
{
    /// <summary>There is a decision.</summary>
    Decided,

    /// <summary>The request is refused for good: asking again brings the same refusal.</summary>
    Refused,

    /// <summary>There is none yet: too many requests, a failure, no connection.</summary>
    Undecided,
}
