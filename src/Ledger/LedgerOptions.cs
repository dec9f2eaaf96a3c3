namespace Penstock.Ledger;

/// <summary>Where the ledger is and how it writes.</summary>
public sealed class LedgerOptions
{
    /// <summary>The name of the ledger's file in a data folder.</summary>
    public const string DefaultFileName = "penstock.db";

    /// <summary>The database file; its folder is created. Default <c>data/penstock.db</c>. SQLite keeps <c>-wal</c> and <c>-shm</c> beside it, and Penstock a <c>.lock</c>.</summary>
    public string File { get; set; } = Path.Combine("data", DefaultFileName);

    /// <summary>What an acknowledged row survives. Default <see cref="LedgerDurability.Process"/>.</summary>
    public LedgerDurability Durability { get; set; } = LedgerDurability.Process;

    /// <summary>How long to wait while another program holds the file locked, in whole seconds, at least 1. Default 5 s.</summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Rows that may wait for the writer; when it is full, callers wait for room. At least 1. Default 4,096.</summary>
    public int QueueCapacity { get; set; } = 4096;

    /// <summary>Most rows in one transaction, at least 1. Default 512: bounds how long the first of them waits for the last.</summary>
    public int RowsPerCommit { get; set; } = 512;

    /// <summary>The file may not grow beyond this (rounded to pages); new rows then fail as on a full disk. Null, the default: no bound but the disk's.</summary>
    public long? MaxBytes { get; set; }

    /// <summary>Options for the ledger of a data folder.</summary>
    public static LedgerOptions InFolder(string folder) => new() { File = Path.Combine(folder, DefaultFileName) };
}
