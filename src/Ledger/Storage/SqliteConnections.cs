using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Penstock.Ledger.Storage;

/// <summary>Opens connections the one way that the ledger uses them. Pooling is off: a closed ledger has no open file.</summary>
internal static class SqliteConnections
{
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "SQLite's native library must be named once before any use, whichever type is touched first.")]
    internal static void Initialize() => SQLitePCL.Batteries_V2.Init();

    public static SqliteConnection Open(string file, SqliteOpenMode mode, TimeSpan busyTimeout)
    {
        var seconds = Math.Max(1, (int)busyTimeout.TotalSeconds);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = seconds,
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {seconds * 1000};"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A command with a parameter for each of these columns, in their order.</summary>
    public static SqliteCommand Prepare(this SqliteConnection connection, string sql, params IEnumerable<string> columns)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Built from constants of this assembly.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var column in columns)
        {
            command.Parameters.Add(new SqliteParameter("$" + column, null));
        }

        return command;
    }

    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static long Scalar(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
