using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Penstock.Ledger.Storage;

namespace Penstock.Ledger.Administration;

/// <summary>The administration in the ledger's file. Everything runs on the ledger's one writer, in its transactions.</summary>
/// <param name="ledger">Open; stays the caller's.</param>
/// <param name="time">The clock that dates changes.</param>
public sealed class SqliteAdministrationStore(SqliteLedger ledger, TimeProvider time) : IAdministrationStore
{
    /// <inheritdoc/>
    public async ValueTask<AdministeredState> ReadAsync(CancellationToken cancellationToken = default)
    {
        var state = AdministeredState.None;
        await OnWriterAsync(connection => state = new(Version(connection), Read(connection, AdministrationTables.Items, ToItem)), cancellationToken);
        return state;
    }

    /// <inheritdoc/>
    public async ValueTask<long> ReadVersionAsync(CancellationToken cancellationToken = default)
    {
        var version = 0L;
        await OnWriterAsync(connection => version = Version(connection), cancellationToken);
        return version;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ChangeAsync(long version, AdministrationChange change)
    {
        var made = false;
        await OnWriterAsync(connection => made = Change(connection, version, change), CancellationToken.None);
        return made;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AdministrationEntry>> ReadLogAsync(int most, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<AdministrationEntry> log = [];
        await OnWriterAsync(
            connection => log = Read(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT version, at, who, what, kind, name, document FROM administration_change ORDER BY version DESC LIMIT {most}"), ToEntry), cancellationToken);
        return log;
    }

    /// <summary>The ledger's file has everything; there is nothing to let go of.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal static AdministeredItem ToItem(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero));

    internal static AdministrationEntry ToEntry(DbDataReader row) => new(
        row.GetInt64(0), new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.IsDBNull(6) ? null : row.GetString(6));

    private bool Change(SqliteConnection connection, long version, AdministrationChange change)
    {
        if (Version(connection) != version)
        {
            return false;
        }

        var now = time.GetUtcNow().UtcTicks;
        Run(connection, "INSERT INTO administration_change VALUES ($version, $at, $who, $what, $kind, $name, $document)",
            ("version", version + 1), ("at", now), ("who", change.Who), ("what", change.What), ("kind", change.Kind), ("name", change.Name), ("document", change.Document));
        if (change.Document is null)
        {
            Run(connection, "DELETE FROM administered WHERE kind = $kind AND name = $name", ("kind", change.Kind), ("name", change.Name));
        }
        else
        {
            Run(connection, "INSERT OR REPLACE INTO administered VALUES ($kind, $name, $document, $revision, $at)",
                ("kind", change.Kind), ("name", change.Name), ("document", change.Document), ("revision", version + 1), ("at", now));
        }

        return true;
    }

    private static long Version(SqliteConnection connection) => connection.Scalar(AdministrationTables.Version);

    private static void Run(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = connection.Prepare(sql);
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue("$" + name, value ?? DBNull.Value);
        }

        command.ExecuteNonQuery();
    }

    private static List<T> Read<T>(SqliteConnection connection, string sql, Func<DbDataReader, T> read)
    {
        var found = new List<T>();
        using var command = connection.Prepare(sql);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            found.Add(read(rows));
        }

        return found;
    }

    private ValueTask OnWriterAsync(Action<SqliteConnection> apply, CancellationToken cancellationToken) => ledger.WriteAsync(new PendingChange(() => apply(ledger.Connection)), cancellationToken);
}
