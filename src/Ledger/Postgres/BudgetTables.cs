namespace Penstock.Ledger.Postgres;

/// <summary>What budgets keep in PostgreSQL.</summary>
internal static class BudgetTables
{
    /// <summary>
    /// <c>budget_turn</c> has one row: whoever decides holds it locked, so decisions of all gateways happen one after the other, a batch at a time. Its version counts the turns that changed
    /// something, and each row of <c>budget_usage</c> has the turn that changed it last: a gateway reads what it has not seen. Usage is kept by who spent, window
    /// (0 = now, 1 = minute ... 4 = month) and the window's first tick; <c>held_*</c> is what the open reservations of that window add up to.
    /// </summary>
    public const string Sql = """
        CREATE TABLE budget_turn (version bigint NOT NULL);
        INSERT INTO budget_turn VALUES (0);
        CREATE TABLE budget_reservation (
            id text PRIMARY KEY,
            node text NOT NULL,
            owner bigint NOT NULL,
            reserved_at bigint NOT NULL,
            requests bigint NOT NULL,
            tokens bigint NOT NULL,
            picousd bigint NOT NULL
        );
        CREATE TABLE budget_usage (
            period smallint NOT NULL,
            start bigint NOT NULL,
            node text NOT NULL,
            requests bigint NOT NULL,
            tokens bigint NOT NULL,
            picousd bigint NOT NULL,
            held_requests bigint NOT NULL,
            held_tokens bigint NOT NULL,
            held_picousd bigint NOT NULL,
            running bigint NOT NULL,
            version bigint NOT NULL,
            PRIMARY KEY (period, start, node)
        );
        CREATE INDEX budget_usage_version ON budget_usage (version);
        """;
}
