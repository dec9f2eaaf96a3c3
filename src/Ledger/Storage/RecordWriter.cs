using Microsoft.Data.Sqlite;
using Penstock.Contracts.Records;
using SQLitePCL;

namespace Penstock.Ledger.Storage;

/// <summary>Writes the rows of records. One thread at a time, inside a transaction.</summary>
internal sealed class RecordWriter : IDisposable
{
    private readonly string file;
    private readonly LabelTable labels;
    private readonly SqliteCommand admit;
    private readonly SqliteCommand finish;

    public RecordWriter(SqliteConnection connection, string file)
    {
        this.file = file;
        labels = new LabelTable(connection);
        admit = connection.Prepare(Insert(RecordColumns.Admission), Names(RecordColumns.Admission));
        var ending = RecordColumns.All.Where(column => column.Name != "request_id").Select(column => $"{column.Name} = excluded.{column.Name}");
        finish = connection.Prepare($"{Insert(RecordColumns.All)} ON CONFLICT (request_id) DO UPDATE SET {string.Join(", ", ending)} WHERE request.state = 0", Names(RecordColumns.All));
    }

    /// <summary>Inserts an admission, or completes or inserts an end. A conflict is returned; any other failure is thrown.</summary>
    public LedgerException? Write(RequestRecord record)
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

    /// <summary>Forgets what may have been rolled back.</summary>
    public void Forget() => labels.Forget();

    public void Dispose()
    {
        labels.Dispose();
        admit.Dispose();
        finish.Dispose();
    }

    private static string Insert(IReadOnlyList<RecordColumns.Column> columns) =>
        $"INSERT INTO request ({string.Join(", ", Names(columns))}) VALUES ({string.Join(", ", columns.Select(column => "$" + column.Name))})";

    private static IEnumerable<string> Names(IReadOnlyList<RecordColumns.Column> columns) => columns.Select(column => column.Name);
}
