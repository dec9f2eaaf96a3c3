using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Penstock.Ledger.Storage;

/// <summary>Turns SQLite's result codes (https://www.sqlite.org/rescode.html) into a cause and a remedy.</summary>
internal static class SqliteFaults
{
    public static LedgerException Explain(SqliteException error, string file) => error.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => new(LedgerFault.Full, $"The ledger {file} cannot grow: the disk, a quota or its configured bound is full. Free space or raise the bound; the server needs no restart.", error),
        // Too big: no text that long is ever written, so its length is damaged.
        raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT or raw.SQLITE_TOOBIG => NotALedger(file, error),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(LedgerFault.InUse, $"The ledger {file} is locked by another program. Close whatever holds it (a database browser, a backup), then try again.", error),
        raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => Unwritable(file, error),
        raw.SQLITE_IOERR => new(LedgerFault.Failed, $"The disk failed under the ledger {file} (SQLite {error.SqliteExtendedErrorCode}). Check the disk and its free space, then try again.", error),
        _ => new(LedgerFault.Failed, $"SQLite reports an error in the ledger {file}: {error.Message}", error),
    };

    public static LedgerException NotALedger(string file, Exception? inner = null) =>
        new(LedgerFault.NotALedger, $"{file} is not a Penstock ledger, or it is damaged. Move it away, or name another folder with --data.", inner);

    public static LedgerException Unwritable(string file, Exception inner) =>
        new(LedgerFault.Unwritable, $"The ledger {file} cannot be opened or written. Check that its folder exists, is yours and is not read-only, or name another with --data.", inner);
}
