using System.Net.Sockets;
using Npgsql;

namespace Penstock.Ledger.Postgres;

/// <summary>Turns what PostgreSQL and the way to it report (https://www.postgresql.org/docs/current/errcodes-appendix.html) into a cause and a remedy. No message has the connection string.</summary>
internal static class PostgresFaults
{
    /// <summary>Whether the same transaction may succeed when it is run again: nobody is to blame, or the server is on its way back.</summary>
    public static bool IsPassing(Exception error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.ReadOnlySqlTransaction } => true,
        PostgresException => false,
        _ => error is NpgsqlException or SocketException or IOException or TimeoutException or ObjectDisposedException,
    };

    public static LedgerException Explain(Exception error, string place) => error switch
    {
        LedgerException known => known,
        PostgresException refused => Explain(refused, place),
        _ => new(LedgerFault.Unreachable, $"The {place} does not answer. Start it, or correct the connection string; a server that runs goes on by itself once it answers.", error),
    };

    private static LedgerException Explain(PostgresException error, string place) => error.SqlState switch
    {
        PostgresErrorCodes.InvalidCatalogName => new(LedgerFault.Missing, $"There is no {place}. Create it (createdb), or correct the connection string.", error),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new(LedgerFault.Unwritable, $"The {place} does not let this user in. Correct user and password in the connection string.", error),
        PostgresErrorCodes.InsufficientPrivilege => new(LedgerFault.Unwritable, $"The user of the {place} may not do what the store needs. Make it the database's owner.", error),
        PostgresErrorCodes.ReadOnlySqlTransaction => new(LedgerFault.Unwritable, $"The {place} only reads: it is a stand-by. Name the primary, or all hosts with Target Session Attributes=read-write.", error),
        PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory => new(LedgerFault.Full, $"The {place} has no room. Free space on its disk; the server needs no restart.", error),
        PostgresErrorCodes.TooManyConnections => new(LedgerFault.InUse, $"The {place} has no connection left for this gateway. Raise its max_connections, or run fewer gateways.", error),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => new(LedgerFault.Unreachable, $"The {place} is starting or stopping. A server that runs goes on by itself once it answers.", error),
        _ => new(LedgerFault.Failed, $"PostgreSQL reports an error in the {place}: {error.SqlState} {error.MessageText}", error),
    };
}
