using System.Data.Common;
using Npgsql;
using Penstock.Ledger.Administration;

namespace Penstock.Ledger.Postgres;

/// <summary>The administration in PostgreSQL. A change takes the next version as its key: of two that were decided on the same version one finds it taken.</summary>
/// <param name="source">The connections; stay the caller's.</param>
/// <param name="place">Where it is, for messages.</param>
/// <param name="time">The clock that dates changes.</param>
internal sealed class PostgresAdministration(NpgsqlDataSource source, string place, TimeProvider time) : IAdministrationStore
{
    /// <inheritdoc/>
    public ValueTask<AdministeredState> ReadAsync(CancellationToken cancellationToken = default) => ExplainAsync(async () =>
    {
        // One snapshot: the version belongs to the items.
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        await using var version = new NpgsqlCommand(AdministrationTables.Version, connection, transaction);
        var at = (long)(await version.ExecuteScalarAsync(cancellationToken))!;
        await using var items = new NpgsqlCommand(AdministrationTables.Items, connection, transaction);
        return new AdministeredState(at, await ListAsync(items, SqliteAdministrationStore.ToItem, cancellationToken));
    });

    /// <inheritdoc/>
    public ValueTask<long> ReadVersionAsync(CancellationToken cancellationToken = default) => ExplainAsync(async () =>
    {
        await using var command = source.CreateCommand(AdministrationTables.Version);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    });

    /// <inheritdoc/>
    public ValueTask<bool> ChangeAsync(long version, AdministrationChange change) => ExplainAsync(async () =>
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var now = time.GetUtcNow().UtcTicks;
        if (await RunAsync(
            connection,
            transaction,
            "INSERT INTO administration_change SELECT $1, $2, $3, $4, $5, $6, $7 WHERE (SELECT coalesce(max(version), 0) FROM administration_change) = $1 - 1 ON CONFLICT DO NOTHING",
            version + 1,
            now,
            change.Who,
            change.What,
            change.Kind,
            change.Name,
            change.Document) == 0)
        {
            return false;
        }

        _ = change.Document is null
            ? await RunAsync(connection, transaction, "DELETE FROM administered WHERE kind = $1 AND name = $2", change.Kind, change.Name)
            : await RunAsync(
                connection,
                transaction,
                "INSERT INTO administered VALUES ($1, $2, $3, $4, $5) ON CONFLICT (kind, name) DO UPDATE SET document = excluded.document, revision = excluded.revision, changed_at = excluded.changed_at",
                change.Kind,
                change.Name,
                change.Document,
                version + 1,
                now);
        await transaction.CommitAsync();
        return true;
    });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AdministrationEntry>> ReadLogAsync(int most, CancellationToken cancellationToken = default) => ExplainAsync<IReadOnlyList<AdministrationEntry>>(async () =>
    {
        await using var command = source.CreateCommand("SELECT version, at, who, what, kind, name, document FROM administration_change ORDER BY version DESC LIMIT $1");
        command.Parameters.Add(new() { Value = most });
        return await ListAsync(command, SqliteAdministrationStore.ToEntry, cancellationToken);
    });

    /// <summary>The connections are the store's.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<int> RunAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string sql, params object?[] values)
    {
#pragma warning disable CA2100 // Constants of this class.
        await using var command = new NpgsqlCommand(sql, connection, transaction);
#pragma warning restore CA2100
        foreach (var value in values)
        {
            command.Parameters.Add(value is null ? new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text } : new() { Value = value });
        }

        return await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<T>> ListAsync<T>(NpgsqlCommand command, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var found = new List<T>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add(read(rows));
        }

        return found;
    }

    private async ValueTask<T> ExplainAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            throw PostgresFaults.Explain(error, place);
        }
    }
}
