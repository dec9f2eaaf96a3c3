using Microsoft.Data.Sqlite;
using Penstock.Ledger.Storage;

namespace Penstock.Ledger.Budgets;

/// <summary>
/// What budgets keep in the ledger's file (<see cref="LedgerSchema"/>, version 4). Everything here runs on the ledger's writer thread, inside its transactions,
/// so the statements are prepared there, when they are first used.
/// </summary>
internal sealed class BudgetJournal(SqliteConnection connection)
{
    private SqliteStatement? insert;
    private SqliteStatement? delete;
    private SqliteStatement? add;
    private SqliteStatement? prune;

    public void Insert(OpenReservation reservation)
    {
        insert ??= new(connection, "INSERT INTO budget_reservation (id, node, reserved_at, requests, tokens, picousd) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        insert.Bind(0, reservation.Id);
        insert.Bind(1, reservation.Node);
        insert.Bind(2, reservation.At);
        Bind(insert, 3, reservation.Worst);
        insert.Execute();
    }

    /// <summary>Replaces a reservation by what was spent. One that is not there was settled before, and nothing changes.</summary>
    public void Settle(OpenReservation reservation, Spend actual)
    {
        delete ??= new(connection, "DELETE FROM budget_reservation WHERE id = ?1");
        delete.Bind(0, reservation.Id);
        if (delete.Execute() == 1 && actual != default)
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
            command.Parameters[0].Value = (int)window;
            command.Parameters[1].Value = window.StartOf(now);
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
        prune ??= new(connection, "DELETE FROM budget_usage WHERE period = ?1 AND start < ?2");
        foreach (var window in BudgetWindows.Timed)
        {
            prune.Bind(0, (int)window);
            prune.Bind(1, window.StartOf(now));
            prune.Execute();
        }
    }

    /// <summary>Lets go of the statements; the next use prepares them anew.</summary>
    public void Release()
    {
        foreach (var statement in (SqliteStatement?[])[insert, delete, add, prune])
        {
            statement?.Dispose();
        }

        insert = delete = add = prune = null;
    }

    // One statement with a row for each window: a call into SQLite costs more than the row.
    private void Add(OpenReservation reservation, Spend actual)
    {
        add ??= new(
            connection,
            """
            INSERT INTO budget_usage (period, start, node, requests, tokens, picousd)
            VALUES (1, ?1, ?5, ?6, ?7, ?8), (2, ?2, ?5, ?6, ?7, ?8), (3, ?3, ?5, ?6, ?7, ?8), (4, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (period, start, node) DO UPDATE
            SET requests = requests + excluded.requests, tokens = tokens + excluded.tokens, picousd = picousd + excluded.picousd
            """);
        var at = new DateTimeOffset(reservation.At, TimeSpan.Zero);
        add.Bind(0, BudgetWindow.Minute.StartOf(at));
        add.Bind(1, BudgetWindow.Hour.StartOf(at));
        add.Bind(2, BudgetWindow.Day.StartOf(at));
        add.Bind(3, BudgetWindow.Month.StartOf(at));
        add.Bind(4, reservation.Node);
        Bind(add, 5, actual);
        add.Execute();
    }

    private static void Bind(SqliteStatement statement, int first, Spend amounts)
    {
        statement.Bind(first, amounts.Requests);
        statement.Bind(first + 1, amounts.Tokens);
        statement.Bind(first + 2, amounts.PicoUsd);
    }
}
