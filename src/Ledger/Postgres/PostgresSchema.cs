using Npgsql;
using Penstock.Ledger.Administration;

namespace Penstock.Ledger.Postgres;

/// <summary>
/// The tables of a store in PostgreSQL. A change is a new entry at the end of <see cref="Migrations"/>, under a name of its own; entries that have shipped never change.
/// Each is applied once, in a transaction of its own, by whichever gateway comes first: an advisory lock keeps the others waiting.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>Of the lock that is held while the schema changes. The bytes of "penstock"; advisory locks are numbers that a database's users agree on.</summary>
    private const long LockKey = 0x70656e73746f636b;

    /// <summary>Seconds that a step, or another gateway's, may take.</summary>
    private const int Patience = 600;

    /// <summary>A step of the schema.</summary>
    public sealed record Migration(string Name, string Sql);

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new("nodes", PostgresNodes.Tables),
        new("administration", AdministrationTables.Postgres),
        new("budgets", BudgetTables.Sql),
        new("ledger", LedgerTables.Sql),
        new("decisions", PostgresDecisions.Tables),
    ];

    /// <summary>Brings a new or older database up to date.</summary>
    /// <exception cref="LedgerException">A newer Penstock has changed it.</exception>
    public static async Task MigrateAsync(NpgsqlDataSource source, string place, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", cancellationToken);
        try
        {
            await ExecuteAsync(connection, "CREATE TABLE IF NOT EXISTS schema_migration (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())", cancellationToken);
            var applied = await AppliedAsync(connection, cancellationToken);
            if (applied.Except(Migrations.Select(migration => migration.Name)).FirstOrDefault() is { } unknown)
            {
                throw new LedgerException(LedgerFault.NewerSchema, $"The {place} was changed by a newer Penstock ('{unknown}'). Update Penstock, or name another database.");
            }

            foreach (var migration in Migrations.Where(migration => !applied.Contains(migration.Name)))
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await ExecuteAsync(connection, migration.Sql, cancellationToken);
                await ExecuteAsync(connection, $"INSERT INTO schema_migration (name) VALUES ('{migration.Name}')", cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
            }
        }
    }

    private static async Task<HashSet<string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT name FROM schema_migration", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken))
        {
            names.Add(rows.GetString(0));
        }

        return names;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Constants of this assembly.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = Patience };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
