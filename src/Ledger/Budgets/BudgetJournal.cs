using Microsoft.Data.Sqlite;
using Penstock.Ledger.Storage;

namespace Penstock.Ledger.Budgets;

/// <summary>
/// What budgets keep in the ledger's file (<see cref="LedgerSchema"/>, version 4). Everything here runs on the ledger's writer thread, inside its transactions,
/// so the statements are prepared there, when they are first used.
/// </summary>
internal sealed class BudgetJournal(SqliteConnection connection)
{
    private static readonly string[] Amounts = ["requests", "tokens", "picousd"];

    private SqliteCommand? insert;
    private SqliteCommand? delete;
    private SqliteCommand? add;
    private SqliteCommand? prune;

    public void Insert(OpenReservation reservation)
    {
        insert ??= connection.Prepare(
            "INSERT INTO budget_reservation (id, node, reserved_at, requests, tokens, picousd) VALUES ($id, $node, $reserved_at, $requests, $tokens, $picousd)", ["id", "node", "reserved_at", .. Amounts]);
        Set(insert, 0, reservation.Id, reservation.Node, reservation.At);
        Set(insert, 3, reservation.Worst);
        insert.ExecuteNonQuery();
    }

    /// <summary>Replaces a reservation by what was spent. One that is not there was settled before, and nothing changes.</summary>
    public void Settle(OpenReservation reservation, Spend actual)
    {
        delete ??= connection.Prepare("DELETE FROM budget_reservation WHERE id = $id", "id");
        delete.Parameters[0].Value = reservation.Id;
        if (delete.ExecuteNonQuery() == 1 && actual != default)
        {
            Add(reservation, actual);
        }
    }

    /// <summary>Settles at their worst case all reservations of a process that is gone.</summary>
    public int Recover()
    {
        var abandoned = new List<OpenReservation>();
        using (var command = connection.Prepare("SELECT id, node, reserved_at, requests, tokens, picousd FROM budget_reservation"))
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read())
            {
                abandoned.Add(new(rows.GetString(0), rows.GetString(1), new Spend(rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5)), rows.GetInt64(2)));
            }
        }

        abandoned.ForEach(reservation => Settle(reservation, reservation.Worst));
        return abandoned.Count;
    }

    /// <summary>What was settled in the windows that hold this moment.</summary>
    public IReadOnlyList<(string Node, BudgetWindow Window, Spend Used)> Read(DateTimeOffset now)
    {
        var usage = new List<(string, BudgetWindow, Spend)>();
        using var command = connection.Prepare("SELECT node, requests, tokens, picousd FROM budget_usage WHERE period = $period AND start = $start", "period", "start");
        foreach (var window in BudgetWindows.Timed)
        {
            Set(command, 0, (int)window, window.StartOf(now));
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                usage.Add((rows.GetString(0), window, new Spend(rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3))));
            }
        }

        return usage;
    }

    /// <summary>Removes the windows that ended before this moment. Those of requests that still run come back with their settlements, and go with the next call.</summary>
    public void Prune(DateTimeOffset now)
    {
        prune ??= connection.Prepare("DELETE FROM budget_usage WHERE period = $period AND start < $start", "period", "start");
        foreach (var window in BudgetWindows.Timed)
        {
            Set(prune, 0, (int)window, window.StartOf(now));
            prune.ExecuteNonQuery();
        }
    }

    /// <summary>Lets go of the statements; the next use prepares them anew.</summary>
    public void Release()
    {
        foreach (var command in (SqliteCommand?[])[insert, delete, add, prune])
        {
            command?.Dispose();
        }

        insert = delete = add = prune = null;
    }

    // One statement with a row for each window: a call into SQLite costs more than the row.
    private void Add(OpenReservation reservation, Spend actual)
    {
        add ??= connection.Prepare(
            """
            INSERT INTO budget_usage (period, start, node, requests, tokens, picousd)
            VALUES (1, $minute, $node, $requests, $tokens, $picousd), (2, $hour, $node, $requests, $tokens, $picousd),
                (3, $day, $node, $requests, $tokens, $picousd), (4, $month, $node, $requests, $tokens, $picousd)
            ON CONFLICT (period, start, node) DO UPDATE
            SET requests = requests + excluded.requests, tokens = tokens + excluded.tokens, picousd = picousd + excluded.picousd
            """,
            ["minute", "hour", "day", "month", "node", .. Amounts]);
        var at = new DateTimeOffset(reservation.At, TimeSpan.Zero);
        Set(add, 0, BudgetWindow.Minute.StartOf(at), BudgetWindow.Hour.StartOf(at), BudgetWindow.Day.StartOf(at), BudgetWindow.Month.StartOf(at), reservation.Node);
        Set(add, 5, actual);
        add.ExecuteNonQuery();
    }

    private static void Set(SqliteCommand command, int first, Spend amounts) => Set(command, first, amounts.Requests, amounts.Tokens, amounts.PicoUsd);

    private static void Set(SqliteCommand command, int first, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            command.Parameters[first++].Value = value;
        }
    }
}
