using Npgsql;
using NpgsqlTypes;
using Penstock.Ledger.Budgets;

namespace Penstock.Ledger.Postgres;

/// <summary>
/// One turn: takes the lock, reads what others have changed, removes what is settled, decides the claims in their order with the same arithmetic as a store in memory, and writes what follows.
/// Two round trips and a commit, however many claims there are.
/// </summary>
internal sealed class BudgetTurn(BudgetMirror mirror, PostgresNodes nodes, PostgresOptions options, TimeSpan lease)
{
    private const string Reservation = "id, node, reserved_at, requests, tokens, picousd";
    private const string Usage = "SELECT period, start, node, requests, tokens, picousd, held_requests, held_tokens, held_picousd, running FROM budget_usage";

    private static readonly string Prune =
        $"DELETE FROM budget_usage WHERE {string.Join(" OR ", BudgetWindows.Timed.Select((window, index) => $"(period = {(int)window} AND start < ${index + 1})"))}";

    /// <summary>Runs inside a transaction. Afterwards the entries have their answers, which hold once it is committed.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="entries">What to do.</param>
    /// <param name="again">Whether an earlier attempt may have been committed: claims that are in already are this attempt's own.</param>
    /// <returns>The turn's version, for <see cref="BudgetMirror.Committed"/>.</returns>
    public async Task<long> RunAsync(NpgsqlConnection connection, IReadOnlyList<PendingTurn> entries, bool again)
    {
        var settlements = entries.OfType<PendingSettlement>().DistinctBy(entry => entry.Id).ToDictionary(entry => entry.Id, entry => entry.Actual, StringComparer.Ordinal);
        var claims = entries.OfType<PendingClaim>().ToList();
        var (version, settled, known) = await BeginAsync(connection, settlements, claims);
        settled.ForEach(reservation => mirror.Settle(reservation, settlements[reservation.Id]));
        foreach (var recovery in entries.OfType<PendingRecovery>())
        {
            recovery.Recovered = await RecoverAsync(connection);
        }

        var granted = Decide(claims, known, again);
        foreach (var reading in entries.OfType<PendingReading>())
        {
            reading.Usage = mirror.UsageOf(reading.Node);
        }

        if (mirror.Changes.Count == 0)
        {
            return version;
        }

        await WriteAsync(connection, version + 1, granted);
        return version + 1;
    }

    private async Task<(long Version, List<OpenReservation> Settled, HashSet<string> Known)> BeginAsync(
        NpgsqlConnection connection, Dictionary<string, Spend> settlements, List<PendingClaim> claims)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT version FROM budget_turn FOR UPDATE");
        batch.Add("SELECT coalesce($1, clock_timestamp())", (options.Clock?.GetUtcNow(), NpgsqlDbType.TimestampTz));
        batch.Add($"DELETE FROM budget_reservation WHERE id = ANY($1) RETURNING {Reservation}", (settlements.Keys.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text));
        batch.Add("SELECT id FROM budget_reservation WHERE id = ANY($1)", (claims.Select(entry => entry.Claim.Id).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text));
        batch.Add($"{Usage} WHERE version > $1", (mirror.Seen < 0 ? long.MaxValue : mirror.Seen, NpgsqlDbType.Bigint));
        long version;
        DateTimeOffset now;
        List<OpenReservation> settled = [];
        HashSet<string> known = new(StringComparer.Ordinal);
        bool anew;
        await using (var rows = await batch.ExecuteReaderAsync())
        {
            await rows.ReadAsync();
            version = rows.GetInt64(0);
            await rows.NextResultAsync();
            await rows.ReadAsync();
            now = new DateTimeOffset(rows.GetDateTime(0));
            await rows.NextResultAsync();
            await ReadAsync(rows, settled);
            await rows.NextResultAsync();
            while (await rows.ReadAsync())
            {
                known.Add(rows.GetString(0));
            }

            await rows.NextResultAsync();
            anew = mirror.Advance(now);
            await ReadUsageAsync(rows);
        }

        if (anew)
        {
            await LoadAsync(connection);
        }

        return (version, settled, known);
    }

    // A window has begun, or this gateway has: past windows are removed, and all rows of the current ones read.
    private async Task LoadAsync(NpgsqlConnection connection)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(Prune, [.. BudgetWindows.Timed.Select(window => ((object?)mirror.StartOf(window), NpgsqlDbType.Bigint))]);
        batch.Add(Usage);
        await using var rows = await batch.ExecuteReaderAsync();
        await ReadUsageAsync(rows);
    }

    private async Task ReadUsageAsync(NpgsqlDataReader rows)
    {
        while (await rows.ReadAsync())
        {
            mirror.Read(
                new(rows.GetString(2), (BudgetWindow)rows.GetInt16(0), rows.GetInt64(1)),
                new(new(rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5)), new(rows.GetInt64(6), rows.GetInt64(7), rows.GetInt64(8)), rows.GetInt64(9)));
        }
    }

    /// <summary>What nobody will settle: of gateways that are dead or gone, or older than any answer. It counts at its worst case, in the transaction that removes it: once.</summary>
    private async Task<int> RecoverAsync(NpgsqlConnection connection)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            $"DELETE FROM budget_reservation WHERE reserved_at < $1 OR owner NOT IN (SELECT id FROM node WHERE NOT dead) RETURNING {Reservation}",
            ((mirror.Now - lease).UtcTicks, NpgsqlDbType.Bigint));
        var abandoned = new List<OpenReservation>();
        await using (var rows = await batch.ExecuteReaderAsync())
        {
            await ReadAsync(rows, abandoned);
        }

        abandoned.ForEach(reservation => mirror.Settle(reservation, reservation.Worst));
        return abandoned.Count;
    }

    private static async Task ReadAsync(NpgsqlDataReader rows, List<OpenReservation> reservations)
    {
        while (await rows.ReadAsync())
        {
            reservations.Add(new(rows.GetString(0), rows.GetString(1), new(rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5)), rows.GetInt64(2)));
        }
    }

    private List<OpenReservation> Decide(List<PendingClaim> claims, HashSet<string> known, bool again)
    {
        var granted = new List<OpenReservation>();
        foreach (var entry in claims)
        {
            if (known.Contains(entry.Claim.Id))
            {
                entry.Fault = again ? null : new ArgumentException($"Request {entry.Claim.Id} has an open reservation. Give each request its own id.");
                continue;
            }

            entry.Refusal = mirror.Reserve(entry.Claim, out var reservation);
            if (entry.Refusal is null)
            {
                granted.Add(reservation);
                known.Add(reservation.Id);
            }
        }

        return granted;
    }

    private async Task WriteAsync(NpgsqlConnection connection, long version, List<OpenReservation> granted)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (granted.Count > 0)
        {
            batch.Add(
                $"INSERT INTO budget_reservation ({Reservation}, owner) SELECT *, $7 FROM unnest($1, $2, $3, $4, $5, $6)",
                [Texts(granted, one => one.Id), Texts(granted, one => one.Node), Numbers(granted, one => one.At), .. Amounts(granted, one => one.Worst), (nodes.Self.Id, NpgsqlDbType.Bigint)]);
        }

        var changes = mirror.Changes.ToList();
        batch.Add(
            """
            INSERT INTO budget_usage AS u (period, start, node, requests, tokens, picousd, held_requests, held_tokens, held_picousd, running, version)
            SELECT *, $11 FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (period, start, node) DO UPDATE SET
                requests = u.requests + excluded.requests, tokens = u.tokens + excluded.tokens, picousd = u.picousd + excluded.picousd,
                held_requests = u.held_requests + excluded.held_requests, held_tokens = u.held_tokens + excluded.held_tokens, held_picousd = u.held_picousd + excluded.held_picousd,
                running = u.running + excluded.running, version = excluded.version
            """,
            [
                Numbers(changes, one => (long)one.Key.Window), Numbers(changes, one => one.Key.Start), Texts(changes, one => one.Key.Node),
                .. Amounts(changes, one => one.Value.Used), .. Amounts(changes, one => one.Value.Held), Numbers(changes, one => one.Value.Running), (version, NpgsqlDbType.Bigint),
            ]);
        batch.Add("UPDATE budget_turn SET version = $1", (version, NpgsqlDbType.Bigint));
        await batch.ExecuteNonQueryAsync();
    }

    private static (object? Value, NpgsqlDbType Type) Texts<T>(List<T> items, Func<T, string> of) => (items.Select(of).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);

    private static (object? Value, NpgsqlDbType Type) Numbers<T>(List<T> items, Func<T, long> of) => (items.Select(of).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    private static (object? Value, NpgsqlDbType Type)[] Amounts<T>(List<T> items, Func<T, Spend> of) =>
        [Numbers(items, item => of(item).Requests), Numbers(items, item => of(item).Tokens), Numbers(items, item => of(item).PicoUsd)];
}
