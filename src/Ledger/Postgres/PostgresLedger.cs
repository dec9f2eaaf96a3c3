using System.Threading.Channels;
using Npgsql;
using Penstock.Contracts.Records;

namespace Penstock.Ledger.Postgres;

/// <summary>
/// The ledger in PostgreSQL, shared by any number of gateways. One loop writes for each gateway, many rows a transaction: while a commit is under way the next batch gathers.
/// Ends that could not be written are kept in memory and tried again, as in a file.
/// </summary>
public sealed class PostgresLedger : IRequestLedger, IRunHistory
{
    /// <summary>About 1 KiB each: no new request is admitted meanwhile, so only what ran can pile up here.</summary>
    private const int MostLate = 8192;

    /// <summary>Between two attempts to write them, while nothing else is written.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource source;
    private readonly PostgresSession session;
    private readonly PostgresRecordWriter writer;
    private readonly Channel<PendingRecord> queue;
    private readonly string place;
    private readonly int most;
    private readonly TimeProvider time;
    private readonly Task loop;
    private List<PendingRecord> late = [];

    internal PostgresLedger(NpgsqlDataSource source, PostgresNodes nodes, PostgresOptions options, string place, TimeProvider time)
    {
        this.source = source;
        this.place = place;
        this.time = time;
        most = options.RowsPerCommit;
        session = new PostgresSession(source, place, time);
        writer = new PostgresRecordWriter(nodes, place);
        queue = Channel.CreateBounded<PendingRecord>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        loop = Task.Run(RunAsync);
    }

    /// <inheritdoc/>
    public ValueTask AdmitAsync(RequestRecord record, CancellationToken cancellationToken) => WriteAsync(record, RecordState.Admitted, cancellationToken);

    /// <inheritdoc/>
    public ValueTask FinishAsync(RequestRecord record, CancellationToken cancellationToken) => WriteAsync(record, RecordState.Finished, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<RunTotals?> FindRunAsync(string tenant, string runId)
    {
        try
        {
            await using var command = source.CreateCommand(
                """
                SELECT min(received_at), count(*), coalesce(sum(CASE state WHEN 1 THEN cached + prefilled + sampled WHEN 2 THEN prompt ELSE 0 END), 0)::bigint
                FROM request WHERE run_id = $1 AND tenant = $2 AND finish_reason IS DISTINCT FROM $3
                """);
            command.Parameters.Add(new() { Value = PostgresText.Storable(runId) });
            command.Parameters.Add(new() { Value = PostgresText.Storable(tenant) });
            command.Parameters.Add(new() { Value = (long)FinishReason.Refused });
            await using var rows = await command.ExecuteReaderAsync();
            await rows.ReadAsync();
            return await rows.IsDBNullAsync(0) ? null : new RunTotals(new DateTimeOffset(rows.GetInt64(0), TimeSpan.Zero), rows.GetInt32(1), rows.GetInt64(2));
        }
        catch (Exception error) when (error is NpgsqlException || PostgresFaults.IsPassing(error))
        {
            throw PostgresFaults.Explain(error, place);
        }
    }

    /// <summary>Writes what is queued.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
    }

    /// <summary>Whoever ran these is dead: gateways that were declared so, or that are gone. What they had done is not known and stays empty.</summary>
    /// <returns>How many rows are interrupted now that were not before.</returns>
    internal async Task<int> InterruptAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("UPDATE request SET state = 2 WHERE state = 0 AND owner NOT IN (SELECT id FROM node WHERE NOT dead)");
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async ValueTask WriteAsync(RequestRecord record, RecordState state, CancellationToken cancellationToken)
    {
        if (record.State != state)
        {
            throw new ArgumentException($"The record's state is {record.State}; here it must be {state}.", nameof(record));
        }

        var pending = new PendingRecord(record);
        try
        {
            await queue.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException closed)
        {
            throw new ObjectDisposedException("The ledger was disposed.", closed);
        }

        await pending.Written;
    }

    private async Task RunAsync()
    {
        var batch = new List<PendingRecord>();
        while (await WaitAsync())
        {
            batch.Clear();
            while (batch.Count < most && queue.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
            }

            await WriteAsync(batch);
        }

        await WriteLateAsync();
    }

    private async Task WriteAsync(List<PendingRecord> batch)
    {
        var failed = await TryAsync(batch);
        if (failed is LedgerException { Fault: LedgerFault.Failed } && batch.Count > 1)
        {
            // One row that PostgreSQL does not take must not be in the way of the others.
            foreach (var pending in batch)
            {
                await WriteAsync([pending]);
            }

            return;
        }

        LedgerException? kept = null;
        if (failed is LedgerException { Fault: not LedgerFault.Failed } fault && late.Count + batch.Count <= MostLate)
        {
            late.AddRange(batch.Select(pending => pending.Late()));
            kept = new LedgerException(fault.Fault, fault.Message, fault.InnerException) { WillRetry = true };
        }

        batch.ForEach(pending => pending.Complete(pending.Record.State == RecordState.Finished ? kept ?? failed : failed));
        if (failed is null)
        {
            await WriteLateAsync();
        }
    }

    // In a transaction of their own: what cannot be written here must not be in the way of others.
    private async Task WriteLateAsync()
    {
        if (late.Count > 0 && await TryAsync(late) is null or LedgerException { Fault: LedgerFault.Failed })
        {
            late = [];
        }
    }

    private async Task<Exception?> TryAsync(List<PendingRecord> batch)
    {
        try
        {
            await session.RunAsync((connection, again) => writer.WriteAsync(connection, batch, again));
            return null;
        }
#pragma warning disable CA1031 // Whatever went wrong belongs to the callers that wait, and the loop must live on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return error;
        }
    }

    private async ValueTask<bool> WaitAsync()
    {
        var more = queue.Reader.WaitToReadAsync().AsTask();
        while (late.Count > 0 && await Task.WhenAny(more, Task.Delay(RetryInterval, time)) != more)
        {
            await WriteLateAsync();
        }

        return await more;
    }
}
