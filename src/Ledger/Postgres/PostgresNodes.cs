using Npgsql;
using NpgsqlTypes;
using Penstock.Ledger.Nodes;

namespace Penstock.Ledger.Postgres;

/// <summary>
/// The gateways of a PostgreSQL store: a row each, with a lease that it renews. A lease that has passed is not enough to be dead: somebody writes that down, once
/// (<see cref="DeclareDeadAsync"/>), and from then on the lease cannot be renewed. A gateway that finds itself declared dead registers anew.
/// </summary>
internal sealed class PostgresNodes : INodeRegistry
{
    /// <summary>A node that left by itself has the lease <c>-infinity</c>.</summary>
    public const string Tables = """
        CREATE TABLE node (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL,
            started timestamptz NOT NULL,
            lease_until timestamptz NOT NULL,
            dead boolean NOT NULL DEFAULT false
        );
        """;

    private const string Now = "coalesce($1::timestamptz, clock_timestamp())";

    private readonly NpgsqlDataSource source;
    private readonly PostgresOptions options;
    private readonly string place;

    private PostgresNodes(NpgsqlDataSource source, PostgresOptions options, string place, GatewayNode self)
    {
        this.source = source;
        this.options = options;
        this.place = place;
        Self = self;
    }

    /// <inheritdoc/>
    public GatewayNode Self { get; private set; }

    public static async Task<PostgresNodes> RegisterAsync(NpgsqlDataSource source, PostgresOptions options, string place, CancellationToken cancellationToken) =>
        new(source, options, place, await InsertAsync(source, options, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<GatewayNode>> ReadAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = Command(source, options, $"SELECT id, name, started, lease_until, NOT dead AND lease_until > {Now} FROM node ORDER BY id");
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            var nodes = new List<GatewayNode>();
            while (await rows.ReadAsync(cancellationToken))
            {
                nodes.Add(Read(rows));
            }

            return nodes;
        }
        catch (NpgsqlException error)
        {
            throw PostgresFaults.Explain(error, place);
        }
    }

    /// <summary>Renews the lease; where this gateway was declared dead, it registers anew.</summary>
    /// <returns>Whether it is the node that it was.</returns>
    public async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(source, options, $"UPDATE node SET lease_until = {Now} + $2 WHERE id = $3 AND NOT dead RETURNING id, name, started, lease_until, true", options.Lease, Self.Id);
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (await rows.ReadAsync(cancellationToken))
            {
                Self = Read(rows);
                return true;
            }
        }

        Self = await InsertAsync(source, options, cancellationToken);
        return false;
    }

    /// <summary>
    /// Writes down who is dead, this gateway never. After a restart of PostgreSQL everybody has a whole lease to come back.
    /// </summary>
    public async Task DeclareDeadAsync(CancellationToken cancellationToken)
    {
        var grace = options.Clock is null ? "pg_postmaster_start_time() + $2" : "lease_until + 0 * $2";
        await using var command = Command(
            source,
            options,
            $"UPDATE node SET dead = true WHERE NOT dead AND id <> $3 AND (lease_until = '-infinity' OR greatest(lease_until, {grace}) < {Now})",
            options.Lease,
            Self.Id);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Removes the dead of whom nothing is left to recover.</summary>
    public async Task RemoveDeadAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            DELETE FROM node WHERE dead
                AND NOT EXISTS (SELECT FROM budget_reservation WHERE owner = node.id)
                AND NOT EXISTS (SELECT FROM request WHERE owner = node.id AND state = 0)
            """);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Lets go of the lease: what is left under this node is for the others to recover.</summary>
    public async Task LeaveAsync()
    {
        await using var command = source.CreateCommand("UPDATE node SET lease_until = '-infinity' WHERE id = $1");
        command.Parameters.Add(new() { Value = Self.Id });
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<GatewayNode> InsertAsync(NpgsqlDataSource source, PostgresOptions options, CancellationToken cancellationToken)
    {
        await using var command = Command(
            source, options, $"INSERT INTO node (name, started, lease_until) VALUES ($3, {Now}, {Now} + $2) RETURNING id, name, started, lease_until, true", options.Lease, options.NodeName);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return Read(rows);
    }

    private static GatewayNode Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.GetFieldValue<DateTimeOffset>(2),
        row.GetFieldValue<DateTime>(3) is var until && until == DateTime.MinValue ? DateTimeOffset.MinValue : new DateTimeOffset(until),
        row.GetBoolean(4));

    private static NpgsqlCommand Command(NpgsqlDataSource source, PostgresOptions options, string sql, params ReadOnlySpan<object> values)
    {
#pragma warning disable CA2100 // Built from constants of this class.
        var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        command.Parameters.Add(new() { Value = options.Clock?.GetUtcNow() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
