using Npgsql;

namespace Penstock.Ledger.Postgres;

/// <summary>Opens PostgreSQL the one way that stores use it.</summary>
internal static class PostgresConnections
{
    /// <summary>Seconds until a server that does not answer counts as away. A request waits for it, so it is less than what clients wait.</summary>
    private const int Patience = 5;

    /// <summary>The connections of a database, and its name for people: without user and password.</summary>
    /// <exception cref="LedgerException">The text is no connection string. What it says is not repeated: it may have a password.</exception>
    public static (NpgsqlDataSource Source, string Place) Create(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            settings.ApplicationName ??= "penstock";
            settings.Timeout = settings.ContainsKey("Timeout") ? settings.Timeout : Patience;
            settings.CommandTimeout = settings.ContainsKey("Command Timeout") ? settings.CommandTimeout : Patience;
            settings.MaxAutoPrepare = Math.Max(settings.MaxAutoPrepare, 64);
            settings.Enlist = false;
            var place = $"PostgreSQL database '{settings.Database ?? settings.Username}' at {settings.Host}:{settings.Port}";
            return (new NpgsqlDataSourceBuilder(settings.ConnectionString).Build(), place);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new LedgerException(LedgerFault.Failed, "The connection string of the PostgreSQL store is not one. Write Host=...;Port=5432;Username=...;Password=...;Database=... in the place that the configuration names.");
        }
    }
}
