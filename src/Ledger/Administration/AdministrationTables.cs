namespace Penstock.Ledger.Administration;

/// <summary>The tables of the administration, the same in SQLite and in PostgreSQL but for the names of types. <c>change</c> is the log, and its highest version that of the whole.</summary>
internal static class AdministrationTables
{
    public const string Sqlite = """
        CREATE TABLE administered (
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            document TEXT NOT NULL,
            revision INTEGER NOT NULL,
            changed_at INTEGER NOT NULL,
            PRIMARY KEY (kind, name)
        ) WITHOUT ROWID;
        CREATE TABLE administration_change (
            version INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            who TEXT NOT NULL,
            what TEXT NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            document TEXT
        );
        """;

    public const string Postgres = """
        CREATE TABLE administered (
            kind text NOT NULL,
            name text NOT NULL,
            document text NOT NULL,
            revision bigint NOT NULL,
            changed_at bigint NOT NULL,
            PRIMARY KEY (kind, name)
        );
        CREATE TABLE administration_change (
            version bigint PRIMARY KEY,
            at bigint NOT NULL,
            who text NOT NULL,
            what text NOT NULL,
            kind text NOT NULL,
            name text NOT NULL,
            document text
        );
        """;

    public const string Version = "SELECT coalesce(max(version), 0) FROM administration_change";

    public const string Items = "SELECT kind, name, document, revision, changed_at FROM administered ORDER BY kind, name";
}
