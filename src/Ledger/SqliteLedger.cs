using System.Globalization;
using Microsoft.Data.Sqlite;
using Penstock.Contracts.Records;
using Penstock.Ledger.Storage;

namespace Penstock.Ledger;

/// <summary>
/// The ledger in a SQLite file in WAL mode. One thread at a time writes, many rows a transaction (<see cref="GroupCommit"/>). Readers
/// (<see cref="LedgerReader"/>, any SQLite tool) are never in its way.
/// </summary>
public sealed class SqliteLedger : IRequestLedger, IRunHistory
{
    /// <summary>16 MiB of log before it is folded into the file: pages at the tables' ends are in it many times and are written once then, and the disk is waited for four times less often than by default.</summary>
    private const int PagesPerCheckpoint = 4000;

    private readonly LedgerLock only;
    private readonly SqliteConnection connection;
    private readonly RecordWriter records;
    private readonly BatchWriter writer;
    private readonly GroupCommit commits;
    private int disposed;

    private SqliteLedger(LedgerLock only, SqliteConnection connection, string file, LedgerOptions options, int interrupted, TimeProvider time)
    {
        this.only = only;
        this.connection = connection;
        File = file;
        Interrupted = interrupted;
        records = new RecordWriter(connection, file);
        writer = new BatchWriter(connection, file, records.Forget);
        commits = new GroupCommit(writer, options.QueueCapacity, options.RowsPerCommit, time);
    }

    /// <summary>The database file, as an absolute path.</summary>
    public string File { get; }

    /// <summary>How many requests an earlier process left behind as running; opening the ledger made them interrupted.</summary>
    public int Interrupted { get; }

    /// <summary>Opens or creates the ledger, brings its schema up to date and marks what a dead process left as interrupted.</summary>
    /// <exception cref="LedgerException">It cannot be opened for writing; the message has cause and remedy.</exception>
    public static async Task<SqliteLedger> OpenAsync(LedgerOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.QueueCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RowsPerCommit, 1);
        var file = Path.GetFullPath(options.File);
        CreateFolder(file);
        var held = await LedgerLock.TakeAsync(file, cancellationToken);
        SqliteConnection? opened = null;
        try
        {
            opened = SqliteConnections.Open(file, SqliteOpenMode.ReadWriteCreate, options.BusyTimeout);
            Configure(opened, options);
            LedgerSchema.Migrate(opened, file, time);
            Bound(opened, options);
            var interrupted = Interrupt(opened);
            return new SqliteLedger(held, opened, file, options, interrupted, time);
        }
        catch (Exception error)
        {
            opened?.Dispose();
            held.Dispose();
            if (error is SqliteException known)
            {
                throw SqliteFaults.Explain(known, file);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask AdmitAsync(RequestRecord record, CancellationToken cancellationToken)
    {
        ThrowUnless(record, RecordState.Admitted);
        return WriteAsync(new PendingRow(record, records), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask FinishAsync(RequestRecord record, CancellationToken cancellationToken)
    {
        ThrowUnless(record, RecordState.Finished);
        return WriteAsync(new PendingRow(record, records), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<RunTotals?> FindRunAsync(string tenant, string runId)
    {
        var lookup = new PendingRunLookup(connection, tenant, runId);
        await WriteAsync(lookup, CancellationToken.None);
        return lookup.Found;
    }

    /// <summary>The connection, for what is applied on the writer's thread.</summary>
    internal SqliteConnection Connection => connection;

    /// <summary>
    /// Writes with the next transaction; complete when committed. What is queued earlier is committed no later, so two writes of one request cost one wait;
    /// <paramref name="withNext"/> says that another one follows.
    /// </summary>
    /// <exception cref="LedgerException">It is not on disk.</exception>
    /// <exception cref="ObjectDisposedException">The ledger was disposed; nothing is written.</exception>
    internal ValueTask WriteAsync(PendingWrite write, CancellationToken cancellationToken, bool withNext = false) => commits.WriteAsync(write, withNext, cancellationToken);

    /// <summary>Writes what is queued, folds the write-ahead log into the file and lets go of it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        commits.Dispose();
        writer.Dispose();
        records.Dispose();
        await connection.DisposeAsync();
        only.Dispose();
    }

    private static void ThrowUnless(RequestRecord record, RecordState state)
    {
        if (record.State != state)
        {
            throw new ArgumentException($"The record's state is {record.State}; here it must be {state}.", nameof(record));
        }
    }

    private static void CreateFolder(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SqliteFaults.Unwritable(file, error);
        }
    }

    private static void Configure(SqliteConnection connection, LedgerOptions options)
    {
        var synchronous = options.Durability == LedgerDurability.Power ? "FULL" : "NORMAL";
        connection.Execute($"PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA wal_autocheckpoint = {PagesPerCheckpoint};");
    }

    private static void Bound(SqliteConnection connection, LedgerOptions options)
    {
        if (options.MaxBytes is { } bytes)
        {
            var pages = Math.Max(1, bytes / connection.Scalar("PRAGMA page_size"));
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages};"));
        }
    }

    /// <summary>Nobody else writes, so whoever ran the open requests is dead. What they had done is not known and stays empty.</summary>
    private static int Interrupt(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE request SET state = 2 WHERE state = 0";
        return command.ExecuteNonQuery();
    }
}
