using Npgsql;

namespace Penstock.Ledger.Postgres;

/// <summary>Opens PostgreSQL the one way that stores use it.</summary>
internal static class PostgresConnections
{
    /// <summary>Seconds until a server that does not answer counts as away. A request waits for it, so it is less than what clients wait.</summary>
    private const int Patience = 5;

    private static readonly string[] Schemes = ["postgres", "postgresql"];

    /// <summary>The connections of a database, and its name for people: without user and password.</summary>
    /// <param name="connectionString">Npgsql's <c>Host=...;Username=...</c>, or an address as libpq writes it, <c>postgres://user:password@host:port/database?key=value</c>.</param>
    /// <param name="commandTimeout">Seconds that a command may take unless the connection string says otherwise.</param>
    /// <exception cref="LedgerException">The text is no connection string. What it says is not repeated: it may have a password.</exception>
    public static (NpgsqlDataSource Source, string Place) Create(string connectionString, int commandTimeout = Patience)
    {
        try
        {
            var settings = Uri.TryCreate(connectionString, UriKind.Absolute, out var address) && Schemes.Contains(address.Scheme)
                ? FromAddress(address)
                : new NpgsqlConnectionStringBuilder(connectionString);
            settings.ApplicationName ??= "penstock";
            settings.Timeout = settings.ContainsKey("Timeout") ? settings.Timeout : Patience;
            settings.CommandTimeout = settings.ContainsKey("Command Timeout") ? settings.CommandTimeout : commandTimeout;
            settings.MaxAutoPrepare = Math.Max(settings.MaxAutoPrepare, 64);
            settings.Enlist = false;
            var place = $"PostgreSQL database '{settings.Database ?? settings.Username}' at {settings.Host}:{settings.Port}";
            return (new NpgsqlDataSourceBuilder(settings.ConnectionString).Build(), place);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException)
        {
            throw new LedgerException(
                LedgerFault.Failed,
                "The connection string of the PostgreSQL store is not one. Write Host=...;Port=5432;Username=...;Password=...;Database=... or postgres://user:password@host:port/database in the place that the configuration names.");
        }
    }

    private static NpgsqlConnectionStringBuilder FromAddress(Uri address)
    {
        var user = address.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = address.Host.Length > 0 ? address.Host : "localhost",
            Port = address.Port > 0 ? address.Port : NpgsqlConnection.DefaultPort,
        };
        settings.Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null;
        settings.Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null;
        settings.Database = address.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(address.AbsolutePath[1..]) : null;
        foreach (var pair in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            settings[Uri.UnescapeDataString(parts[0])] = Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : "");
        }

        return settings;
    }
}
