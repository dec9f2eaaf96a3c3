namespace Penstock.Contracts.Records;

/// <summary>Why a generation ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended its turn, or a stop string was reached.</summary>
    Stop,

    /// <summary>The output limit or the context was reached.</summary>
    Length,

    /// <summary>Whoever asked took it back: the client left, or cancelled in process.</summary>
    Cancelled,

    /// <summary>It was not done in time.</summary>
    Deadline,

    /// <summary>It failed; the record's error code says how.</summary>
    Error,

    /// <summary>It was never started: refused at admission.</summary>
    Refused,
}
