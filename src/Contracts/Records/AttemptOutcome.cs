namespace Penstock.Contracts.Records;

/// <summary>How a call of a target ended.</summary>
public enum AttemptOutcome
{
    /// <summary>With an answer.</summary>
    Answered,

    /// <summary>The client left, or the server stopped: not the target's doing.</summary>
    Cancelled,

    /// <summary>The target failed or refused; the fault says how.</summary>
    Failed,
}
