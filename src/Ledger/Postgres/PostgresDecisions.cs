using Npgsql;
using NpgsqlTypes;
using Penstock.Ledger.Decisions;

namespace Penstock.Ledger.Postgres;

/// <summary>
/// Decisions in PostgreSQL, for any number of gateways. A claim belongs to a node and is void once that node was declared dead: who asks next deletes it, and with its row the
/// number under which the dead one, should it only have stood still, could have decided anything.
/// </summary>
/// <param name="source">The connections; stay the caller's.</param>
/// <param name="nodes">Who this gateway is.</param>
/// <param name="options">How long decisions are kept.</param>
/// <param name="clock">In the place of the database's; null = the database's.</param>
/// <param name="place">Where it is, for messages.</param>
internal sealed class PostgresDecisions(NpgsqlDataSource source, PostgresNodes nodes, DecisionOptions options, TimeProvider? clock, string place) : IDecisionStore
{
    /// <summary>A claim has state 0, a decision 1.</summary>
    public const string Tables = """
        CREATE TABLE decision (
            seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id text NOT NULL UNIQUE,
            body text NOT NULL,
            owner bigint NOT NULL,
            state smallint NOT NULL DEFAULT 0,
            expires_at timestamptz,
            status integer,
            headers text,
            segments integer
        );
        CREATE INDEX decision_expiry ON decision (expires_at) WHERE state = 1;
        CREATE INDEX decision_claims ON decision (owner) WHERE state = 0;
        CREATE TABLE decision_segment (
            seq bigint NOT NULL REFERENCES decision ON DELETE CASCADE,
            number integer NOT NULL,
            chunks bytea NOT NULL,
            PRIMARY KEY (seq, number)
        );
        """;

    /// <summary>How often a key that is freed under us is tried for; then others are about it, and it is theirs.</summary>
    private const int MostTries = 8;

    private const int DeletedAtOnce = 64;

    private const string Now = "coalesce($1::timestamptz, clock_timestamp())";
    private const string OwnerIsDead = "NOT EXISTS (SELECT FROM node WHERE node.id = decision.owner AND NOT dead)";

    /// <inheritdoc/>
    public ValueTask<DecisionClaim> ClaimAsync(DecisionKey key) => ExplainAsync(async () =>
    {
        for (var left = MostTries; left > 0; left--)
        {
            await using var insert = Command("INSERT INTO decision (id, body, owner) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING RETURNING seq", key.Id, key.Body, nodes.Self.Id);
            if (await insert.ExecuteScalarAsync() is long claim)
            {
                return new(ClaimState.Granted, claim);
            }

            if (await FindAsync(key) is { } known)
            {
                return known;
            }
        }

        return new DecisionClaim(ClaimState.Held);
    });

    /// <inheritdoc/>
    public ValueTask<bool> AppendAsync(long claim, int segment, ReadOnlyMemory<byte> chunks) => ExplainAsync(async () =>
    {
        await using var command = Command(
            """
            WITH held AS (SELECT seq FROM decision WHERE seq = $1 AND state = 0 FOR KEY SHARE)
            INSERT INTO decision_segment SELECT seq, $2, $3 FROM held ON CONFLICT (seq, number) DO UPDATE SET chunks = excluded.chunks
            """,
            claim,
            segment,
            chunks.ToArray());
        return await command.ExecuteNonQueryAsync() == 1;
    });

    /// <inheritdoc/>
    public ValueTask<bool> DecideAsync(long claim, Decision decision, ReadOnlyMemory<byte> last) => ExplainAsync(async () =>
    {
        // Decided already: by this very claim, whose owner has not heard of it.
        await using var command = Command(
            $"""
            WITH decided AS (
                UPDATE decision SET state = 1, status = $3, headers = $4, segments = $5, expires_at = {Now} + $6 WHERE seq = $2 AND state = 0 RETURNING seq),
            stored AS (
                INSERT INTO decision_segment SELECT seq, $5 - 1, $7 FROM decided WHERE length($7) > 0 ON CONFLICT (seq, number) DO UPDATE SET chunks = excluded.chunks)
            SELECT (SELECT count(*) FROM decided) + (SELECT count(*) FROM decision WHERE seq = $2 AND state = 1)
            """,
            Clock,
            claim,
            decision.Status,
            DecisionHeaders.Write(decision.Headers),
            decision.Segments,
            options.Keep,
            last.ToArray());
        return (long)(await command.ExecuteScalarAsync())! > 0;
    });

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(long claim) => await ExplainAsync(async () =>
    {
        await using var command = Command("DELETE FROM decision WHERE seq = $1 AND state = 0", claim);
        return await command.ExecuteNonQueryAsync();
    });

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(long claim, int segment) => ExplainAsync(async () =>
    {
        await using var command = Command("SELECT chunks FROM decision_segment WHERE seq = $1 AND number = $2", claim, segment);
        return await command.ExecuteScalarAsync() is byte[] chunks ? chunks : (ReadOnlyMemory<byte>?)null;
    });

    /// <inheritdoc/>
    public ValueTask<int> TendAsync() => ExplainAsync(async () =>
    {
        await using (var claims = Command($"DELETE FROM decision WHERE state = 0 AND {OwnerIsDead}"))
        {
            await claims.ExecuteNonQueryAsync();
        }

        var total = 0;
        int deleted;
        do
        {
            // What another gateway is deleting is skipped, not waited for.
            await using var command = Command(
                $"DELETE FROM decision WHERE seq IN (SELECT seq FROM decision WHERE state = 1 AND expires_at <= {Now} ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
                Clock,
                DeletedAtOnce);
            deleted = await command.ExecuteNonQueryAsync();
            total += deleted;
        }
        while (deleted == DeletedAtOnce);

        return total;
    });

    /// <summary>The connections are the store's.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private NpgsqlParameter Clock => new() { Value = clock?.GetUtcNow() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    // What the key is; null where it is free by now, and then it is worth another try.
    private async Task<DecisionClaim?> FindAsync(DecisionKey key)
    {
        long claim;
        await using (var command = Command(
            $"SELECT seq, body, state, CASE state WHEN 0 THEN {OwnerIsDead} ELSE expires_at <= {Now} END, status, headers, segments FROM decision WHERE id = $2", Clock, key.Id))
        {
            await using var rows = await command.ExecuteReaderAsync();
            if (!await rows.ReadAsync())
            {
                return null;
            }

            claim = rows.GetInt64(0);
            var (held, gone) = (rows.GetInt16(2) == 0, rows.GetBoolean(3));
            if (!gone)
            {
                return rows.GetString(1) != key.Body ? new(ClaimState.OtherBody)
                    : held ? new(ClaimState.Held, claim)
                    : new(ClaimState.Decided, claim, new Decision(rows.GetInt32(4), DecisionHeaders.Read(rows.GetString(5)), rows.GetInt32(6)));
            }
        }

        // Looked at once more, now under its lock: the owner may have decided since.
        await using var delete = Command($"DELETE FROM decision WHERE seq = $2 AND (state = 0 OR expires_at <= {Now})", Clock, claim);
        await delete.ExecuteNonQueryAsync();
        return null;
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object> values)
    {
#pragma warning disable CA2100 // Built from constants of this class.
        var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        foreach (var value in values)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
        }

        return command;
    }

    private async ValueTask<T> ExplainAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is NpgsqlException || PostgresFaults.IsPassing(error))
        {
            throw PostgresFaults.Explain(error, place);
        }
    }
}
