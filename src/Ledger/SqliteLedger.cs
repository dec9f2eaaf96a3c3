using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Penstock.Contracts.Records;
using Penstock.Ledger.Storage;

namespace Penstock.Ledger;

/// <summary>
/// The ledger in a SQLite file in WAL mode. One loop writes, many rows a transaction: while a commit is under way the next
/// batch gathers, so the batch grows with the load. Readers (<see cref="LedgerReader"/>, any SQLite tool) are never in its way.
/// </summary>
public sealed class SqliteLedger : IRequestLedger, IRunHistory
{
    /// <summary>Between two attempts to write ends that the store could not take, while nothing else is written.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly LedgerLock only;
    private readonly SqliteConnection connection;
    private readonly RecordWriter records;
    private readonly BatchWriter writer;
    private readonly Channel<PendingWrite> queue;
    private readonly int rowsPerCommit;
    private readonly TimeProvider time;
    private readonly Unwritten unwritten = new();
    private readonly Task loop;
    private int disposed;

    private SqliteLedger(LedgerLock only, SqliteConnection connection, string file, LedgerOptions options, int interrupted, TimeProvider time)
    {
        this.only = only;
        this.connection = connection;
        File = file;
        Interrupted = interrupted;
        this.time = time;
        rowsPerCommit = options.RowsPerCommit;
        records = new RecordWriter(connection, file);
        writer = new BatchWriter(connection, file, records.Forget);
        queue = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        loop = Task.Run(RunAsync);
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
    /// Writes with the next transaction; complete when committed. What is queued earlier is committed no later, so two writes of one request cost one wait.
    /// </summary>
    /// <exception cref="LedgerException">It is not on disk.</exception>
    /// <exception cref="ObjectDisposedException">The ledger was disposed; nothing is written.</exception>
    internal async ValueTask WriteAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        try
        {
            await queue.Writer.WriteAsync(write, cancellationToken);
        }
        catch (ChannelClosedException closed)
        {
            throw new ObjectDisposedException("The ledger was disposed.", closed);
        }

        await write.Written;
    }

    /// <summary>Writes what is queued, folds the write-ahead log into the file and lets go of it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        queue.Writer.Complete();
        await loop;
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
        connection.Execute($"PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous};");
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


    private async Task RunAsync()
    {
        var batch = new List<PendingWrite>();
        while (await WaitForRowsAsync())
        {
            unwritten.Write(writer);
            batch.Clear();
            while (batch.Count < rowsPerCommit && queue.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }

            writer.Write(batch);
            unwritten.Take(batch);
            batch.ForEach(write => write.Complete());
        }

        unwritten.Write(writer);
    }

    private async ValueTask<bool> WaitForRowsAsync()
    {
        var more = queue.Reader.WaitToReadAsync().AsTask();
        while (unwritten.Any && await Task.WhenAny(more, Task.Delay(RetryInterval, time)) != more)
        {
            unwritten.Write(writer);
        }

        return await more;
    }
}
