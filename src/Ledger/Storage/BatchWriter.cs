using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Penstock.Ledger.Storage;

/// <summary>Writes batches, each in one transaction. One thread at a time.</summary>
/// <param name="connection">Open for writing.</param>
/// <param name="file">Its file, for messages.</param>
/// <param name="onRollback">Told when a transaction was undone: what was learned from it does not hold.</param>
internal sealed class BatchWriter(SqliteConnection connection, string file, Action onRollback) : IDisposable
{
    private readonly SqliteCommand begin = connection.Prepare("BEGIN IMMEDIATE");
    private readonly SqliteCommand commit = connection.Prepare("COMMIT");
    private readonly SqliteCommand rollback = connection.Prepare("ROLLBACK");

    /// <summary>Writes and notes what became of each. Never throws: one that is refused does not harm the others, a failed transaction fails them all.</summary>
    public void Write(IReadOnlyList<PendingWrite> batch)
    {
        try
        {
            begin.ExecuteNonQuery();
            foreach (var write in batch)
            {
                write.Fault = write.Apply();
            }

            commit.ExecuteNonQuery();
        }
#pragma warning disable CA1031 // Whatever went wrong belongs to the callers that wait, and the writer must live on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var fault = error is SqliteException known ? SqliteFaults.Explain(known, file) : error;
            RollBack();
            foreach (var write in batch)
            {
                write.Fault ??= fault;
            }
        }
    }

    public void Dispose()
    {
        begin.Dispose();
        commit.Dispose();
        rollback.Dispose();
    }

    private void RollBack()
    {
        onRollback();

        // A full disk or an I/O error ends the transaction on its own; rolling back again would be an error itself.
        if (raw.sqlite3_get_autocommit(connection.Handle) != 0)
        {
            return;
        }

        try
        {
            rollback.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // The next BEGIN reports whatever is still wrong, to the callers of that batch.
        }
    }
}
