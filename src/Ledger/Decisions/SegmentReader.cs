using Microsoft.Data.Sqlite;
using Penstock.Ledger.Storage;

namespace Penstock.Ledger.Decisions;

/// <summary>Reads segments on a connection of its own: a long replay is not in the writer's way. Thread-safe.</summary>
internal sealed class SegmentReader(string file) : IDisposable
{
    private readonly Lock gate = new();
    private SqliteConnection? connection;
    private SqliteCommand? command;

    /// <summary>The segment; null where it is gone.</summary>
    /// <exception cref="LedgerException">The file cannot be read.</exception>
    public ReadOnlyMemory<byte>? Read(long claim, int segment)
    {
        try
        {
            lock (gate)
            {
                connection ??= SqliteConnections.Open(file, SqliteOpenMode.ReadOnly, TimeSpan.FromSeconds(5));
                command ??= connection.Prepare("SELECT chunks FROM decision_segment WHERE seq = $seq AND number = $number", "seq", "number");
                command.Parameters[0].Value = claim;
                command.Parameters[1].Value = segment;
                return command.ExecuteScalar() is byte[] chunks ? chunks : (ReadOnlyMemory<byte>?)null;
            }
        }
        catch (SqliteException error)
        {
            throw SqliteFaults.Explain(error, file);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            command?.Dispose();
            connection?.Dispose();
            (command, connection) = (null, null);
        }
    }
}
