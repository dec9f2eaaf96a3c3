using System.Data.Common;
using Penstock.Contracts.Records;
using Penstock.Ledger.Postgres;
using Penstock.Ledger.Storage;

namespace Penstock.Ledger;

/// <summary>Reads a ledger, also while servers write it; never changes it. One thread at a time.</summary>
/// <remarks>
/// Each call sees one moment of the ledger. An admitted request is running if its server is alive, and interrupted if it is not.
/// </remarks>
public sealed class LedgerReader : IDisposable
{
    private static readonly int SequenceColumn = RecordColumns.All.Count;

    private readonly LedgerSource source;
    private readonly string select;

    private LedgerReader(LedgerSource source)
    {
        this.source = source;
        select = $"SELECT {RecordReader.Columns(source.Version)}, seq, {source.OwnerLives} FROM request";
    }

    /// <summary>Where it is: a file's absolute path, or a database and its host.</summary>
    public string Place => source.Place;

    /// <summary>Opens a ledger that exists in a SQLite file.</summary>
    /// <exception cref="LedgerException">There is none, or it cannot be read; the message has cause and remedy.</exception>
    public static LedgerReader Open(string file) => new(SqliteSource.Open(file));

    /// <summary>Opens a ledger that exists in a PostgreSQL database.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static LedgerReader OpenPostgres(string connectionString) => new(PostgresSource.Open(connectionString));

    /// <summary>Every record in the order of admission, streamed: memory does not grow with the ledger. Finish or dispose the enumeration before the next call.</summary>
    public IEnumerable<RequestRecord> ReadAll() => Query($"{select} ORDER BY seq").Select(entry => entry.Record);

    /// <summary>The last records in the order of admission.</summary>
    public IReadOnlyList<LedgerEntry> Tail(int count) =>
        [.. Query($"{select} WHERE seq IN (SELECT seq FROM request ORDER BY seq DESC LIMIT @value) ORDER BY seq", count)];

    /// <summary>The records admitted after a place in the ledger, in the order of admission. None is ever left out, whoever calls this with the last place that it has seen.</summary>
    public IReadOnlyList<LedgerEntry> After(long sequence)
    {
        var last = source.LastSettled();
        return [.. Query($"{select} WHERE seq > @value ORDER BY seq", sequence).TakeWhile(entry => entry.Sequence <= last)];
    }

    /// <summary>The record at a place, or null.</summary>
    public LedgerEntry? At(long sequence) => Query($"{select} WHERE seq = @value", sequence).FirstOrDefault();

    /// <summary>The record of a request, or null.</summary>
    public RequestRecord? Find(string requestId) => Query($"{select} WHERE request_id = @value", requestId).FirstOrDefault()?.Record;

    /// <summary>The calls of providers that were made for a request, in their order; empty when none were, or when it has not ended.</summary>
    public IReadOnlyList<AttemptRecord> Attempts(string requestId)
    {
        if (source.Version < LedgerSchema.Attempts)
        {
            return [];
        }

        using var command = Command($"SELECT {AttemptReader.Columns(source.Version)} FROM attempt WHERE request_id = @value ORDER BY number", requestId);
        using var rows = Execute(command);
        var attempts = new List<AttemptRecord>();
        while (Advance(rows))
        {
            attempts.Add(AttemptReader.Read(rows, source.Labels));
        }

        return attempts;
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    /// <summary>What differs between databases.</summary>
    internal LedgerSource Source => source;

    /// <summary><see cref="ReadAll()"/> within a moment that the caller holds.</summary>
    internal IEnumerable<RequestRecord> ReadAll(ReadMoment moment) => Query($"{select} ORDER BY seq", within: moment).Select(entry => entry.Record);

    internal DbCommand Command(string sql, object? value = null)
    {
        var command = source.Connection.CreateCommand();
#pragma warning disable CA2100 // Built from constants of this assembly; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        if (value is not null)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@value", value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    // Damage may show with the first row already.
    internal DbDataReader Execute(DbCommand command)
    {
        try
        {
            return command.ExecuteReader();
        }
        catch (DbException error)
        {
            throw source.Explain(error);
        }
    }

    internal bool Advance(DbDataReader rows)
    {
        try
        {
            return rows.Read();
        }
        catch (DbException error)
        {
            throw source.Explain(error);
        }
    }

    private IEnumerable<LedgerEntry> Query(string sql, object? value = null, ReadMoment? within = null)
    {
        using var own = within is null ? source.Freeze() : null;
        var lives = (within ?? own)!.ServerLives;
        using var command = Command(sql, value);
        using var rows = Execute(command);
        while (Advance(rows))
        {
            var record = RecordReader.Read(rows, source.Labels);
            var running = lives && Convert.ToBoolean(rows.GetValue(SequenceColumn + 1));
            yield return new LedgerEntry(
                rows.GetInt64(SequenceColumn),
                running || record.State != RecordState.Admitted ? record : record with { State = RecordState.Interrupted });
        }
    }
}
