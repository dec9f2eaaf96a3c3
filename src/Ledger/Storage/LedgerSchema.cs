using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Penstock.Ledger.Storage;

/// <summary>The tables and their versions. A change of the schema is a new entry at the end of <see cref="Migrations"/>; entries that have shipped never change.</summary>
internal static class LedgerSchema
{
    /// <summary>
    /// Version 1. Durations and times are .NET ticks (100 ns), so that what is read back adds up exactly. Texts that repeat on every
    /// row are numbers into <c>label</c>; the view <c>requests</c> shows them as text for people with a SQLite tool.
    /// The partial index makes finding interrupted requests independent of the ledger's size and costs nothing for finished ones.
    /// </summary>
    private const string First = """
        CREATE TABLE label (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
        CREATE TABLE request (
            seq INTEGER PRIMARY KEY,
            request_id TEXT NOT NULL UNIQUE,
            state INTEGER NOT NULL,
            received_at INTEGER NOT NULL,
            tenant INTEGER NOT NULL REFERENCES label,
            api_key_id INTEGER REFERENCES label,
            kind INTEGER NOT NULL,
            model INTEGER NOT NULL REFERENCES label,
            target INTEGER NOT NULL REFERENCES label,
            route_reason INTEGER REFERENCES label,
            fingerprint INTEGER REFERENCES label,
            stream INTEGER NOT NULL,
            choices INTEGER NOT NULL,
            intent INTEGER NOT NULL,
            run_id TEXT,
            parent_id TEXT,
            step TEXT,
            task TEXT,
            prompt INTEGER NOT NULL,
            finished_at INTEGER,
            outcome TEXT,
            cached INTEGER NOT NULL DEFAULT 0,
            prefilled INTEGER NOT NULL DEFAULT 0,
            not_reached INTEGER NOT NULL DEFAULT 0,
            sampled INTEGER NOT NULL DEFAULT 0,
            delivered INTEGER NOT NULL DEFAULT 0,
            hidden INTEGER NOT NULL DEFAULT 0,
            discarded_cancelled INTEGER NOT NULL DEFAULT 0,
            discarded_disconnected INTEGER NOT NULL DEFAULT 0,
            discarded_trimmed INTEGER NOT NULL DEFAULT 0,
            drafted INTEGER NOT NULL DEFAULT 0,
            accepted INTEGER NOT NULL DEFAULT 0,
            rejected INTEGER NOT NULL DEFAULT 0,
            receive_ticks INTEGER NOT NULL DEFAULT 0,
            authorize_ticks INTEGER NOT NULL DEFAULT 0,
            route_ticks INTEGER NOT NULL DEFAULT 0,
            admit_ticks INTEGER NOT NULL DEFAULT 0,
            schedule_ticks INTEGER NOT NULL DEFAULT 0,
            prefill_ticks INTEGER NOT NULL DEFAULT 0,
            decode_ticks INTEGER NOT NULL DEFAULT 0,
            deliver_ticks INTEGER NOT NULL DEFAULT 0,
            finish_ticks INTEGER NOT NULL DEFAULT 0,
            wall_ticks INTEGER NOT NULL DEFAULT 0,
            ttft_ticks INTEGER,
            largest_gap_ticks INTEGER,
            finish_reason INTEGER,
            finish_cause INTEGER,
            finish_phase INTEGER,
            error_code INTEGER REFERENCES label,
            cost_picousd INTEGER
        );
        CREATE INDEX request_open ON request (state) WHERE state = 0;
        CREATE VIEW requests AS SELECT
            r.request_id,
            CASE r.state WHEN 0 THEN 'admitted' WHEN 1 THEN 'finished' ELSE 'interrupted' END AS state,
            strftime('%Y-%m-%dT%H:%M:%fZ', (r.received_at - 621355968000000000) / 1e7, 'unixepoch') AS received_at,
            (SELECT text FROM label WHERE id = r.tenant) AS tenant,
            (SELECT text FROM label WHERE id = r.model) AS model,
            (SELECT text FROM label WHERE id = r.target) AS target,
            r.prompt, r.cached, r.prefilled, r.not_reached,
            r.sampled, r.delivered, r.hidden,
            r.discarded_cancelled + r.discarded_disconnected + r.discarded_trimmed AS discarded,
            r.ttft_ticks / 1e4 AS ttft_ms,
            r.wall_ticks / 1e4 AS wall_ms,
            CASE r.finish_reason WHEN 0 THEN 'stop' WHEN 1 THEN 'length' WHEN 2 THEN 'cancelled' WHEN 3 THEN 'deadline' WHEN 4 THEN 'error' WHEN 5 THEN 'refused' END AS finish,
            (SELECT text FROM label WHERE id = r.error_code) AS error_code,
            r.cost_picousd / 1e12 AS cost_usd
        FROM request r;
        """;

    /// <summary>Version 2: what the scheduler did to a request, and the digest of its tokens. Rows of version 1 were all of the standard class (1).</summary>
    private const string Second = """
        ALTER TABLE request ADD COLUMN class INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE request ADD COLUMN preemptions INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE request ADD COLUMN digest BLOB;
        ALTER TABLE request ADD COLUMN gap_target_ticks INTEGER;
        ALTER TABLE request ADD COLUMN gap_cause INTEGER;
        ALTER TABLE request ADD COLUMN gap_class INTEGER;
        ALTER TABLE request ADD COLUMN gaps_preemption INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE request ADD COLUMN gaps_kv_movement INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE request ADD COLUMN gaps_prefill INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE request ADD COLUMN gaps_constraint INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE request ADD COLUMN gaps_garbage_collection INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE request ADD COLUMN gaps_slow_reader INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE request ADD COLUMN gaps_unknown INTEGER NOT NULL DEFAULT 0;
        """;

    /// <summary>Version 3: the adapter that a request's model had.</summary>
    private const string Third = "ALTER TABLE request ADD COLUMN adapter INTEGER REFERENCES label;";

    /// <summary>
    /// Version 4: budgets. A reservation is here while it is open; usage is what was settled, by the node that spent it and by window (1 = minute ... 4 = month, with its
    /// first tick). Usage is kept for all windows, whether a limit looks at them or not, so that a new limit counts from its window's beginning; rows of past windows are removed.
    /// </summary>
    private const string Fourth = """
        ALTER TABLE request ADD COLUMN cost_estimated INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE budget_reservation (
            id TEXT PRIMARY KEY,
            node TEXT NOT NULL,
            reserved_at INTEGER NOT NULL,
            requests INTEGER NOT NULL,
            tokens INTEGER NOT NULL,
            picousd INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE budget_usage (
            period INTEGER NOT NULL,
            start INTEGER NOT NULL,
            node TEXT NOT NULL,
            requests INTEGER NOT NULL,
            tokens INTEGER NOT NULL,
            picousd INTEGER NOT NULL,
            PRIMARY KEY (period, start, node)
        ) WITHOUT ROWID;
        """;

    /// <summary>
    /// Version 5: the calls of providers that were made for a request, written together with its end. <c>reason</c> is one of few texts, and so a label. The view
    /// <c>attempts</c> shows them as text.
    /// </summary>
    private const string Fifth = """
        CREATE TABLE attempt (
            request_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            target INTEGER NOT NULL REFERENCES label,
            model INTEGER NOT NULL REFERENCES label,
            answered_model INTEGER REFERENCES label,
            reason INTEGER NOT NULL REFERENCES label,
            started_at INTEGER NOT NULL,
            first_event_ticks INTEGER,
            duration_ticks INTEGER NOT NULL,
            outcome INTEGER NOT NULL,
            fault INTEGER,
            status INTEGER,
            produced INTEGER NOT NULL,
            delivered INTEGER NOT NULL,
            billed INTEGER,
            PRIMARY KEY (request_id, number)
        ) WITHOUT ROWID;
        CREATE VIEW attempts AS SELECT
            a.request_id, a.number,
            (SELECT text FROM label WHERE id = a.target) AS target,
            (SELECT text FROM label WHERE id = a.model) AS model,
            (SELECT text FROM label WHERE id = a.answered_model) AS answered_model,
            (SELECT text FROM label WHERE id = a.reason) AS reason,
            strftime('%Y-%m-%dT%H:%M:%fZ', (a.started_at - 621355968000000000) / 1e7, 'unixepoch') AS started_at,
            a.first_event_ticks / 1e4 AS first_event_ms,
            a.duration_ticks / 1e4 AS duration_ms,
            CASE a.outcome WHEN 0 THEN 'answered' WHEN 1 THEN 'cancelled' ELSE 'failed' END AS outcome,
            a.status, a.produced, a.delivered, a.billed
        FROM attempt a;
        """;

    /// <summary>Version 6: the calls of an agent run are found without a look at all others. Rows without a run cost nothing.</summary>
    private const string Sixth = "CREATE INDEX request_run ON request (run_id) WHERE run_id IS NOT NULL;";

    /// <summary>
    /// Version 7: the answers to requests that had an idempotency key. <c>id</c> and <c>body</c> are digests; state 0 = claimed, 1 = decided. A claim's number is never used again,
    /// so that what belonged to one that is gone is never taken for another's. The body is in segments of chunks, each chunk after its length.
    /// </summary>
    private const string Seventh = """
        CREATE TABLE decision (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            body TEXT NOT NULL,
            state INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            status INTEGER,
            headers TEXT,
            segments INTEGER
        );
        CREATE INDEX decision_expiry ON decision (expires_at) WHERE state = 1;
        CREATE TABLE decision_segment (
            seq INTEGER NOT NULL,
            number INTEGER NOT NULL,
            chunks BLOB NOT NULL,
            PRIMARY KEY (seq, number)
        );
        """;

    /// <summary>Version 8: what each attempt read and cost, and what a request's attempts read and produced beyond its answer. Attempts of older versions have no such account.</summary>
    private const string Eighth = """
        ALTER TABLE attempt ADD COLUMN prompt INTEGER;
        ALTER TABLE attempt ADD COLUMN cost_picousd INTEGER;
        ALTER TABLE attempt ADD COLUMN cost_estimated INTEGER;
        ALTER TABLE request ADD COLUMN extra_tokens INTEGER NOT NULL DEFAULT 0;
        """;

    /// <summary>Version 10: what the answer did without, since a form could not say it.</summary>
    private const string Tenth = "ALTER TABLE request ADD COLUMN losses TEXT;";

    private static readonly string[] Migrations = [First, Second, Third, Fourth, Fifth, Sixth, Seventh, Eighth, Administration.AdministrationTables.Sqlite, Tenth];

    /// <summary>The version from which on there are attempts.</summary>
    public static int Attempts => 5;

    /// <summary>The version from which on attempts say what they cost.</summary>
    public static int AttemptCosts => 8;

    /// <summary>The version that this build writes and reads.</summary>
    public static int Current => Migrations.Length;

    /// <summary>Brings a new or older ledger to <see cref="Current"/>, each version in its own transaction.</summary>
    /// <param name="connection">The open database.</param>
    /// <param name="file">Its file, for messages.</param>
    /// <param name="time">The clock that dates the versions.</param>
    /// <param name="version">Stop there; null = <see cref="Current"/>.</param>
    /// <exception cref="LedgerException">The database is not a ledger, or a newer one.</exception>
    public static void Migrate(SqliteConnection connection, string file, TimeProvider time, int? version = null)
    {
        var present = IsEmpty(connection) ? 0 : VersionOf(connection, file);
        for (var next = present + 1; next <= (version ?? Current); next++)
        {
            var prologue = next == 1 ? "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL);\n" : "";
            var epilogue = $"INSERT INTO schema_version VALUES ({next}, '{time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)}');";
            connection.Execute($"BEGIN IMMEDIATE;\n{prologue}{Migrations[next - 1]}\n{epilogue}\nCOMMIT;");
        }
    }

    /// <summary>The version of an existing ledger, checked to be one that this build knows.</summary>
    public static int VersionOf(SqliteConnection connection, string file)
    {
        if (connection.Scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('schema_version', 'request')") != 2)
        {
            throw SqliteFaults.NotALedger(file);
        }

        var version = (int)connection.Scalar("SELECT coalesce(max(version), 0) FROM schema_version");
        return version <= Current
            ? version
            : throw new LedgerException(LedgerFault.NewerSchema, $"The ledger {file} was written by a newer Penstock (schema {version}; this one knows up to {Current}). Update Penstock, or name another folder with --data.");
    }

    private static bool IsEmpty(SqliteConnection connection) => connection.Scalar("SELECT count(*) FROM sqlite_master") == 0;
}
