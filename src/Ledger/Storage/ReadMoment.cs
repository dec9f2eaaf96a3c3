using Microsoft.Data.Sqlite;

namespace Penstock.Ledger.Storage;

/// <summary>
/// One moment of a ledger: whatever is read until disposal is of one snapshot. Whether a server lives is asked after the snapshot
/// is fixed, so a server that starts in between cannot have its requests taken for those of a dead one.
/// </summary>
internal sealed class ReadMoment : IDisposable
{
    private readonly SqliteConnection connection;

    public ReadMoment(SqliteConnection connection, string file)
    {
        this.connection = connection;
        connection.Execute("BEGIN");
        try
        {
            connection.Scalar("SELECT count(*) FROM schema_version");
            ServerLives = LedgerLock.IsHeld(file);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether a server has the ledger open: if not, admitted requests are interrupted ones.</summary>
    public bool ServerLives { get; }

    public void Dispose() => connection.Execute("ROLLBACK");
}
