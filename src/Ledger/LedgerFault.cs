namespace Penstock.Ledger;

/// <summary>What is wrong with a ledger.</summary>
public enum LedgerFault
{
    /// <summary>There is no ledger at that path.</summary>
    Missing,

    /// <summary>The path cannot be read, created or written.</summary>
    Unwritable,

    /// <summary>The file is not a SQLite database, not a Penstock ledger, or damaged.</summary>
    NotALedger,

    /// <summary>A newer Penstock has written it.</summary>
    NewerSchema,

    /// <summary>Another server writes it, or another program holds it locked.</summary>
    InUse,

    /// <summary>The disk, the quota or the configured bound is full.</summary>
    Full,

    /// <summary>The request is there already, or has already ended.</summary>
    Conflict,

    /// <summary>The database server does not answer.</summary>
    Unreachable,

    /// <summary>Anything else that the database reports.</summary>
    Failed,
}
