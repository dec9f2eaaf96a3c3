using Microsoft.Data.Sqlite;
using Penstock.ProcessOnce;

namespace Penstock.Samples.RabbitMq;

/// <summary>An inbox in the consumer's SQLite file. The same in PostgreSQL: a table with the event's id as its key, written in the effect's transaction.</summary>
internal sealed class SqliteInbox(string connectionString) : IInbox<SqliteTransaction>
{
    /// <summary>Makes the tables, where they are not there: the inbox, and what this sample's effects change.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            PRAGMA journal_mode = WAL;
            CREATE TABLE IF NOT EXISTS inbox (event_id TEXT PRIMARY KEY) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS ticket (event_id TEXT NOT NULL, reply TEXT NOT NULL);
            """;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<bool> HasAsync(string eventId, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM inbox WHERE event_id = $id";
        command.Parameters.AddWithValue("$id", eventId);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! > 0;
    }

    public async Task<bool> ApplyAsync(string eventId, Func<SqliteTransaction, Task> effect, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = connection.BeginTransaction(deferred: false);
        await using var note = connection.CreateCommand();
        note.Transaction = transaction;
        note.CommandText = "INSERT OR IGNORE INTO inbox (event_id) VALUES ($id)";
        note.Parameters.AddWithValue("$id", eventId);
        if (await note.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return false;
        }

        await effect(transaction);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<SqliteConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
