namespace Penstock.Contracts.Records;

/// <summary>How far a record has come.</summary>
public enum RecordState
{
    /// <summary>On disk since admission; the request may be running, or the process may have died under it.</summary>
    Admitted,

    /// <summary>Complete: the laws hold for it.</summary>
    Finished,

    /// <summary>Found as admitted when a later process opened the ledger: the process that ran it died.</summary>
    Interrupted,
}
