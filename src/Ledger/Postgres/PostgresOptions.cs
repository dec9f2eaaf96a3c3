namespace Penstock.Ledger.Postgres;

/// <summary>Which PostgreSQL database a store is in, and how a gateway uses it.</summary>
public sealed class PostgresOptions
{
    /// <summary>How to connect, as Npgsql writes it: <c>Host=...;Username=...;Password=...;Database=...</c>. A secret: never logged, never in a message.</summary>
    public required string ConnectionString { get; set; }

    /// <summary>What this gateway is called among the others. Default: its machine's name.</summary>
    public string NodeName { get; set; } = Environment.MachineName;

    /// <summary>
    /// A gateway that has not renewed its lease for so long is dead. Default 15 s; it is renewed three times as often. Shorter recovers sooner, and takes a gateway for dead
    /// that was cut off for a moment.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>What may wait for each of the store's writers; when it is full, callers wait for room. At least 1. Default 4,096.</summary>
    public int QueueCapacity { get; set; } = 4096;

    /// <summary>Most entries in one transaction, at least 1. Default 512.</summary>
    public int RowsPerCommit { get; set; } = 512;

    /// <summary>A clock in the place of the database's; null = the database's, which all gateways share. For tests.</summary>
    internal TimeProvider? Clock { get; set; }
}
