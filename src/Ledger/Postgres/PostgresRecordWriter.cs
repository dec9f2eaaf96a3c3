using Npgsql;
using NpgsqlTypes;
using Penstock.Contracts.Records;
using Penstock.Ledger.Storage;

namespace Penstock.Ledger.Postgres;

/// <summary>Writes records, many in one round trip.</summary>
internal sealed class PostgresRecordWriter(PostgresNodes nodes, string place)
{
    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal)
    {
        "request_id", "tenant", "api_key_id", "model", "target", "route_reason", "fingerprint", "adapter", "run_id", "parent_id", "step", "task", "losses", "outcome", "error_code",
    };

    private static readonly HashSet<string> AttemptTexts = new(StringComparer.Ordinal) { "target", "model", "answered_model", "reason" };

    private static readonly string Admit = $"{Insert(RecordColumns.Admission)} ON CONFLICT (request_id) DO NOTHING";

    // An earlier attempt may have been committed without our hearing of it: then the row is there as this one would write it.
    private static readonly string AdmitAgain = $"{Insert(RecordColumns.Admission)} ON CONFLICT (request_id) DO UPDATE SET state = 0 WHERE request.state = 0 AND request.owner = excluded.owner";

    private static readonly string Finish =
        $"{Insert(RecordColumns.All)} ON CONFLICT (request_id) DO UPDATE SET {string.Join(", ", RecordColumns.All.Skip(1).Select(column => $"{column.Name} = excluded.{column.Name}"))} WHERE request.state = 0";

    private static readonly string FinishAgain = $"{Finish} OR (request.state = 1 AND request.finished_at = excluded.finished_at)";

    private static readonly string Attempt = InsertAttempt();

    private readonly PostgresText.Labels labels = new();

    /// <summary>Writes inside a transaction and notes which of them conflict with what is there.</summary>
    public async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<PendingRecord> records, bool again)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"SELECT pg_advisory_xact_lock_shared({PostgresSource.WritersKey})");
        var commands = records.Select(pending => Add(batch, pending, again || pending.IsLate)).ToList();
        await batch.ExecuteNonQueryAsync();
        for (var i = 0; i < records.Count; i++)
        {
            records[i].Conflict = commands[i].RecordsAffected == 0 ? Conflict(records[i]) : null;
        }
    }

    private NpgsqlBatchCommand Add(NpgsqlBatch batch, PendingRecord pending, bool again)
    {
        var record = pending.Record;
        if (pending.Withdraws)
        {
            return batch.Add("DELETE FROM request WHERE request_id = $1 AND state = 0 AND owner = $2", (record.RequestId, NpgsqlDbType.Text), (nodes.Self.Id, NpgsqlDbType.Bigint));
        }

        var admitting = record.State == RecordState.Admitted;
        var columns = admitting ? RecordColumns.Admission : RecordColumns.All;
        var command = batch.Add(
            admitting ? (again ? AdmitAgain : Admit) : again ? FinishAgain : Finish,
            [.. columns.Select(column => (Value(column.Value(record, labels)), TypeOf(column.Name, Texts))), (nodes.Self.Id, NpgsqlDbType.Bigint)]);
        foreach (var attempt in record.Attempts)
        {
            batch.Add(
                Attempt,
                [(record.RequestId, NpgsqlDbType.Text), .. AttemptColumns.All.Select(column => (Value(column.Value(attempt, labels)), TypeOf(column.Name, AttemptTexts)))]);
        }

        return command;
    }

    private LedgerException? Conflict(PendingRecord pending) => pending switch
    {
        { Withdraws: true } => null,
        { Record.State: RecordState.Admitted } => new(LedgerFault.Conflict, $"Request {pending.Record.RequestId} is in the {place} already. Give each request its own id."),
        _ => new(LedgerFault.Conflict, $"Request {pending.Record.RequestId} has already ended in the {place}; what is recorded does not change."),
    };

    private static object? Value(object? value) => value is DBNull ? null : value;

    private static NpgsqlDbType TypeOf(string column, HashSet<string> texts) => texts.Contains(column) ? NpgsqlDbType.Text : column == "digest" ? NpgsqlDbType.Bytea : NpgsqlDbType.Bigint;

    private static string Insert(IReadOnlyList<RecordColumns.Column> columns) =>
        $"INSERT INTO request ({string.Join(", ", columns.Select(column => column.Name))}, owner) VALUES ({string.Join(", ", Enumerable.Range(1, columns.Count + 1).Select(number => $"${number}"))})";

    // Only of a record that ended as this one says.
    private static string InsertAttempt()
    {
        var names = string.Join(", ", AttemptColumns.All.Select(column => column.Name));
        var values = string.Join(", ", Enumerable.Range(1, AttemptColumns.All.Count + 1).Select(number => $"${number}"));
        return $"INSERT INTO attempt (request_id, {names}) SELECT {values} WHERE EXISTS (SELECT FROM request WHERE request_id = $1 AND state = 1) ON CONFLICT DO NOTHING";
    }
}
