using Microsoft.Data.Sqlite;
using Penstock.Contracts.Records;
using SQLitePCL;

namespace Penstock.Ledger.Storage;

/// <summary>Writes the rows of records. One thread at a time, inside a transaction.</summary>
internal sealed class RecordWriter : IDisposable
{
    private readonly string file;
    private readonly LabelTable labels;
    private readonly SqliteStatement admit;
    private readonly SqliteStatement finish;
    private readonly SqliteStatement attempt;

    public RecordWriter(SqliteConnection connection, string file)
    {
        this.file = file;
        labels = new LabelTable(connection);
        admit = new(connection, Insert(RecordColumns.Admission));
        var parts = AttemptColumns.All.Select(column => column.Name).Prepend("request_id").ToArray();
        attempt = new(connection, $"INSERT INTO attempt ({string.Join(", ", parts)}) VALUES ({string.Join(", ", parts.Select(part => "$" + part))})");
        var ending = RecordColumns.All.Where(column => column.Name != "request_id").Select(column => $"{column.Name} = excluded.{column.Name}");
        finish = new(connection, $"{Insert(RecordColumns.All)} ON CONFLICT (request_id) DO UPDATE SET {string.Join(", ", ending)} WHERE request.state = 0");
    }

    /// <summary>Inserts an admission, or completes or inserts an end, with its attempts. A conflict is returned; any other failure is thrown.</summary>
    public LedgerException? Write(RequestRecord record)
    {
        var admitting = record.State == RecordState.Admitted;
        var command = admitting ? admit : finish;
        var columns = admitting ? RecordColumns.Admission : RecordColumns.All;
        for (var i = 0; i < columns.Count; i++)
        {
            command.Bind(i, columns[i].Value(record, labels));
        }

        try
        {
            if (command.Execute() != 1)
            {
                return new LedgerException(LedgerFault.Conflict, $"Request {record.RequestId} has already ended in the ledger {file}; what is recorded does not change.");
            }
        }
        catch (SqliteException error) when (error.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
        {
            return new LedgerException(LedgerFault.Conflict, $"Request {record.RequestId} is in the ledger {file} already. Give each request its own id.", error);
        }

        if (!admitting)
        {
            WriteAttempts(record);
        }

        return null;
    }

    /// <summary>Forgets what may have been rolled back.</summary>
    public void Forget() => labels.Forget();

    public void Dispose()
    {
        labels.Dispose();
        admit.Dispose();
        finish.Dispose();
        attempt.Dispose();
    }

    private void WriteAttempts(RequestRecord record)
    {
        foreach (var one in record.Attempts)
        {
            attempt.Bind(0, record.RequestId);
            for (var i = 0; i < AttemptColumns.All.Count; i++)
            {
                attempt.Bind(i + 1, AttemptColumns.All[i].Value(one, labels));
            }

            attempt.Execute();
        }
    }

    private static string Insert(IReadOnlyList<RecordColumns.Column> columns) =>
        $"INSERT INTO request ({string.Join(", ", Names(columns))}) VALUES ({string.Join(", ", columns.Select(column => "$" + column.Name))})";

    private static IEnumerable<string> Names(IReadOnlyList<RecordColumns.Column> columns) => columns.Select(column => column.Name);
}
