using Microsoft.Data.Sqlite;
using Penstock.Contracts.Records;
using SQLitePCL;

namespace Penstock.Ledger.Storage;

/// <summary>Writes batches of rows, each batch in one transaction. One thread at a time.</summary>
internal sealed class RecordWriter : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly string file;
    private readonly LabelTable labels;
    private readonly SqliteCommand begin;
    private readonly SqliteCommand commit;
    private readonly SqliteCommand rollback;
    private readonly SqliteCommand admit;
    private readonly SqliteCommand finish;

    public RecordWriter(SqliteConnection connection, string file)
    {
        this.connection = connection;
        this.file = file;
        labels = new LabelTable(connection);
        begin = Prepare("BEGIN IMMEDIATE", []);
        commit = Prepare("COMMIT", []);
        rollback = Prepare("ROLLBACK", []);
        admit = Prepare(Insert(RecordColumns.Admission), RecordColumns.Admission);
        var ending = RecordColumns.All.Where(column => column.Name != "request_id").Select(column => $"{column.Name} = excluded.{column.Name}");
        finish = Prepare($"{Insert(RecordColumns.All)} ON CONFLICT (request_id) DO UPDATE SET {string.Join(", ", ending)} WHERE request.state = 0", RecordColumns.All);
    }

    /// <summary>Writes the rows and notes what became of each. Never throws: a row that is refused does not harm the others, a failed transaction fails them all.</summary>
    public void Write(IReadOnlyList<PendingRow> rows)
    {
        try
        {
            begin.ExecuteNonQuery();
            foreach (var row in rows)
            {
                row.Fault = WriteOne(row.Record);
            }

            commit.ExecuteNonQuery();
        }
#pragma warning disable CA1031 // Whatever went wrong belongs to the callers that wait, and the writer must live on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var fault = error is SqliteException known ? SqliteFaults.Explain(known, file) : error;
            RollBack();
            foreach (var row in rows)
            {
                row.Fault ??= fault;
            }
        }
    }

    public void Dispose()
    {
        labels.Dispose();
        SqliteCommand[] commands = [begin, commit, rollback, admit, finish];
        Array.ForEach(commands, command => command.Dispose());
    }

    private LedgerException? WriteOne(RequestRecord record)
    {
        var admitting = record.State == RecordState.Admitted;
        var command = admitting ? admit : finish;
        var columns = admitting ? RecordColumns.Admission : RecordColumns.All;
        for (var i = 0; i < columns.Count; i++)
        {
            command.Parameters[i].Value = columns[i].Value(record, labels) ?? DBNull.Value;
        }

        try
        {
            return command.ExecuteNonQuery() == 1
                ? null
                : new LedgerException(LedgerFault.Conflict, $"Request {record.RequestId} has already ended in the ledger {file}; what is recorded does not change.");
        }
        catch (SqliteException error) when (error.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
        {
            return new LedgerException(LedgerFault.Conflict, $"Request {record.RequestId} is in the ledger {file} already. Give each request its own id.", error);
        }
    }

    private void RollBack()
    {
        labels.Forget();

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

    private static string Insert(IReadOnlyList<RecordColumns.Column> columns) =>
        $"INSERT INTO request ({string.Join(", ", columns.Select(column => column.Name))}) VALUES ({string.Join(", ", columns.Select(column => "$" + column.Name))})";

    private SqliteCommand Prepare(string sql, IReadOnlyList<RecordColumns.Column> columns)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Built from the column names of this assembly.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var column in columns)
        {
            command.Parameters.Add(new SqliteParameter("$" + column.Name, null));
        }

        return command;
    }
}
