using Penstock.Ledger;

namespace Penstock.Gateway.Hosting;

/// <summary>Where a gateway keeps its ledger, budgets and whatever else must last: in a SQLite file of its own, or in a PostgreSQL database that it shares with others.</summary>
/// <param name="SqliteFile">The file; not used where <paramref name="Postgres"/> is given.</param>
/// <param name="Postgres">Where the database's connection string is, or null.</param>
public sealed record StoreOptions(string SqliteFile, SecretPlace? Postgres = null)
{
    /// <summary>After how long without a sign a gateway of a shared database counts as dead; null = 15 s.</summary>
    public TimeSpan? Lease { get; init; }

    /// <summary><c>data/penstock.db</c>.</summary>
    public static StoreOptions Default { get; } = InFolder("data");

    /// <summary>The SQLite file of a data folder.</summary>
    public static StoreOptions InFolder(string folder) => new(LedgerOptions.InFolder(folder).File);
}
