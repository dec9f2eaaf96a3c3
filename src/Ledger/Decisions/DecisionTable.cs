using Microsoft.Data.Sqlite;
using Penstock.Ledger.Storage;
using SQLitePCL;

namespace Penstock.Ledger.Decisions;

/// <summary>
/// Decisions in the ledger's file (<see cref="LedgerSchema"/>, version 7). Everything here runs on the ledger's writer thread, inside its transactions, so the statements
/// are prepared there, when they are first used.
/// </summary>
internal sealed class DecisionTable(SqliteConnection connection)
{
    private const int Claimed = 0;

    private readonly Dictionary<string, SqliteCommand> statements = [];

    /// <summary>One server writes a ledger: claims that are there when it is opened are a dead server's.</summary>
    public void ReleaseAll()
    {
        Run("DELETE FROM decision_segment WHERE seq IN (SELECT seq FROM decision WHERE state = 0)");
        Run("DELETE FROM decision WHERE state = 0");
    }

    public DecisionClaim Claim(DecisionKey key, DateTimeOffset now)
    {
        if (Find(key, now.UtcTicks) is { } known)
        {
            return known;
        }

        Run("INSERT INTO decision (id, body, state, expires_at) VALUES ($1, $2, 0, 0)", key.Id, key.Body);
        return new(ClaimState.Granted, raw.sqlite3_last_insert_rowid(connection.Handle));
    }

    public bool Append(long claim, int segment, ReadOnlyMemory<byte> chunks) => StateOf(claim) == Claimed && Store(claim, segment, chunks);

    public bool Decide(long claim, Decision decision, ReadOnlyMemory<byte> last, DateTimeOffset expires)
    {
        if (StateOf(claim) is not { } state)
        {
            return false;
        }

        // Decided already: by this very claim, whose owner has not heard of it.
        return state != Claimed
            || Run("UPDATE decision SET state = 1, status = $1, headers = $2, segments = $3, expires_at = $4 WHERE seq = $5", decision.Status, DecisionHeaders.Write(decision.Headers), decision.Segments, expires.UtcTicks, claim) == 1
            && (last.IsEmpty || Store(claim, decision.Segments - 1, last));
    }

    public void Release(long claim)
    {
        if (StateOf(claim) == Claimed)
        {
            Delete(claim);
        }
    }

    /// <summary>Deletes at most this many that have expired, the oldest first.</summary>
    public int Expire(DateTimeOffset now, int most)
    {
        var expired = new List<long>();
        using (var rows = Query("SELECT seq FROM decision WHERE state = 1 AND expires_at <= $1 ORDER BY expires_at LIMIT $2", now.UtcTicks, most))
        {
            while (rows.Read())
            {
                expired.Add(rows.GetInt64(0));
            }
        }

        expired.ForEach(Delete);
        return expired.Count;
    }

    /// <summary>Lets go of the statements; the next use prepares them anew.</summary>
    public void Forget()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }

        statements.Clear();
    }

    // What the key is, or null where it is free: nobody has it, or what it had has expired.
    private DecisionClaim? Find(DecisionKey key, long now)
    {
        long claim;
        using (var rows = Query("SELECT seq, body, state, expires_at, status, headers, segments FROM decision WHERE id = $1", key.Id))
        {
            if (!rows.Read())
            {
                return null;
            }

            claim = rows.GetInt64(0);
            var held = rows.GetInt32(2) == Claimed;
            if (held || rows.GetInt64(3) > now)
            {
                return rows.GetString(1) != key.Body ? new(ClaimState.OtherBody)
                    : held ? new(ClaimState.Held, claim)
                    : new(ClaimState.Decided, claim, new Decision(rows.GetInt32(4), DecisionHeaders.Read(rows.GetString(5)), rows.GetInt32(6)));
            }
        }

        Delete(claim);
        return null;
    }

    private int? StateOf(long claim)
    {
        using var rows = Query("SELECT state FROM decision WHERE seq = $1", claim);
        return rows.Read() ? rows.GetInt32(0) : null;
    }

    private bool Store(long claim, int segment, ReadOnlyMemory<byte> chunks) =>
        Run("INSERT OR REPLACE INTO decision_segment (seq, number, chunks) VALUES ($1, $2, $3)", claim, segment, chunks.ToArray()) == 1;

    private void Delete(long claim)
    {
        Run("DELETE FROM decision_segment WHERE seq = $1", claim);
        Run("DELETE FROM decision WHERE seq = $1", claim);
    }

    private int Run(string sql, params ReadOnlySpan<object> values) => With(sql, values).ExecuteNonQuery();

    private SqliteDataReader Query(string sql, params ReadOnlySpan<object> values) => With(sql, values).ExecuteReader();

    private SqliteCommand With(string sql, ReadOnlySpan<object> values)
    {
        if (!statements.TryGetValue(sql, out var statement))
        {
            statement = connection.Prepare(sql, Enumerable.Range(1, values.Length).Select(number => $"{number}"));
            statements.Add(sql, statement);
        }

        for (var i = 0; i < values.Length; i++)
        {
            statement.Parameters[i].Value = values[i];
        }

        return statement;
    }
}
