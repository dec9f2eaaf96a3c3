namespace Penstock.Contracts.Requests;

/// <summary>Why a request exists; the ledger's reports on shadow compute group by it.</summary>
public enum RequestIntent
{
    /// <summary>Somebody waits for the answer.</summary>
    User,

    /// <summary>Started before it was known to be needed.</summary>
    Speculative,

    /// <summary>Housekeeping of an application.</summary>
    Background,

    /// <summary>An evaluation.</summary>
    Eval,

    /// <summary>A copy of a user's request for comparison; nobody reads it.</summary>
    Shadow,

    /// <summary>Part of a batch job.</summary>
    Batch,
}
