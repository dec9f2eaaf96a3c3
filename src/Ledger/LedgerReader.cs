using Microsoft.Data.Sqlite;
using Penstock.Contracts.Records;
using Penstock.Ledger.Storage;

namespace Penstock.Ledger;

/// <summary>Reads a ledger, also while a server writes it; never changes it. One thread at a time.</summary>
/// <remarks>
/// Each call sees one moment of the ledger. An admitted request is running if a server has the ledger open, and interrupted if
/// none has: whether one lives is asked after the moment is fixed, so a server that starts meanwhile cannot make it wrong.
/// </remarks>
public sealed class LedgerReader : IDisposable
{
    private static readonly int SequenceColumn = RecordColumns.All.Count;

    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);

    private readonly SqliteConnection connection;
    private readonly LabelTable labels;
    private readonly string select;
    private readonly int version;

    private LedgerReader(SqliteConnection connection, string file, int version)
    {
        this.connection = connection;
        select = $"SELECT {RecordReader.Columns(version)}, seq FROM request";
        this.version = version;
        File = file;
        labels = new LabelTable(connection);
    }

    /// <summary>The database file, as an absolute path.</summary>
    public string File { get; }

    /// <summary>Opens a ledger that exists.</summary>
    /// <exception cref="LedgerException">There is none, or it cannot be read; the message has cause and remedy.</exception>
    public static LedgerReader Open(string file)
    {
        var path = Path.GetFullPath(file);
        if (!System.IO.File.Exists(path))
        {
            throw new LedgerException(LedgerFault.Missing, $"There is no ledger at {path}. Name the data folder of a server with --data; a server makes its ledger when it starts.");
        }

        try
        {
            var opened = SqliteConnections.Open(path, SqliteOpenMode.ReadOnly, BusyTimeout);
            try
            {
                return new LedgerReader(opened, path, LedgerSchema.VersionOf(opened, path));
            }
            catch
            {
                opened.Dispose();
                throw;
            }
        }
        catch (SqliteException error)
        {
            throw SqliteFaults.Explain(error, path);
        }
    }

    /// <summary>Every record in the order of admission, streamed: memory does not grow with the ledger. Finish or dispose the enumeration before the next call.</summary>
    public IEnumerable<RequestRecord> ReadAll() => Query($"{select} ORDER BY seq").Select(entry => entry.Record);

    /// <summary>The last records in the order of admission.</summary>
    public IReadOnlyList<LedgerEntry> Tail(int count) =>
        [.. Query($"{select} WHERE seq IN (SELECT seq FROM request ORDER BY seq DESC LIMIT $value) ORDER BY seq", count)];

    /// <summary>The records admitted after a place in the ledger, in the order of admission.</summary>
    public IReadOnlyList<LedgerEntry> After(long sequence) => [.. Query($"{select} WHERE seq > $value ORDER BY seq", sequence)];

    /// <summary>The record at a place, or null.</summary>
    public LedgerEntry? At(long sequence) => Query($"{select} WHERE seq = $value", sequence).FirstOrDefault();

    /// <summary>The record of a request, or null.</summary>
    public RequestRecord? Find(string requestId) => Query($"{select} WHERE request_id = $value", requestId).FirstOrDefault()?.Record;

    /// <summary>The calls of providers that were made for a request, in their order; empty when none were, or when it has not ended.</summary>
    public IReadOnlyList<AttemptRecord> Attempts(string requestId)
    {
        if (version < LedgerSchema.Attempts)
        {
            return [];
        }

        using var command = Command($"SELECT {AttemptReader.Columns(version)} FROM attempt WHERE request_id = $value ORDER BY number", requestId);
        using var rows = Execute(command);
        var attempts = new List<AttemptRecord>();
        while (Advance(rows))
        {
            attempts.Add(AttemptReader.Read(rows, labels));
        }

        return attempts;
    }

    /// <summary>Counts up whenever a writer has committed since this reader looked last; cheap enough to ask many times a second.</summary>
    public long DataVersion() => connection.Scalar("PRAGMA data_version");

    /// <inheritdoc/>
    public void Dispose()
    {
        labels.Dispose();
        connection.Dispose();
    }

    /// <summary>The schema's version.</summary>
    internal int Version => version;

    /// <summary>Fixes a moment that several readings share.</summary>
    internal ReadMoment Freeze() => new(connection, File);

    /// <summary><see cref="ReadAll()"/> within a moment that the caller holds.</summary>
    internal IEnumerable<RequestRecord> ReadAll(ReadMoment moment) => Query($"{select} ORDER BY seq", within: moment).Select(entry => entry.Record);

    internal SqliteCommand Command(string sql, object? value = null)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Built from constants of this assembly; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        if (value is not null)
        {
            command.Parameters.AddWithValue("$value", value);
        }

        return command;
    }

    private IEnumerable<LedgerEntry> Query(string sql, object? value = null, ReadMoment? within = null)
    {
        using var own = within is null ? Freeze() : null;
        var running = (within ?? own)!.ServerLives;
        using var command = Command(sql, value);
        using var rows = Execute(command);
        while (Advance(rows))
        {
            var record = RecordReader.Read(rows, labels);
            yield return new LedgerEntry(
                rows.GetInt64(SequenceColumn),
                running || record.State != RecordState.Admitted ? record : record with { State = RecordState.Interrupted });
        }
    }

    // Damage may show with the first row already.
    private SqliteDataReader Execute(SqliteCommand command)
    {
        try
        {
            return command.ExecuteReader();
        }
        catch (SqliteException error)
        {
            throw SqliteFaults.Explain(error, File);
        }
    }

    private bool Advance(SqliteDataReader rows)
    {
        try
        {
            return rows.Read();
        }
        catch (SqliteException error)
        {
            throw SqliteFaults.Explain(error, File);
        }
    }
}
