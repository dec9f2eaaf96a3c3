using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Penstock.Ledger.Storage;

/// <summary>
/// A statement that is prepared once and bound by position. An ADO.NET command looks its parameters up by their names each time it runs, which costs a row with many
/// columns more than SQLite needs to write it. For use inside an immediate transaction, where nobody else can be in the way: it does not wait for locks.
/// One thread at a time.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private static readonly object Unknown = new();

    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly object?[] bound;

    /// <param name="connection">Open; stays the caller's, and is closed after the statement.</param>
    /// <param name="sql">One statement. Its parameters are numbered in the order in which they first appear, from 0.</param>
    /// <exception cref="SqliteException">It is not valid.</exception>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement), database);

        // As they are after preparing: all null.
        bound = new object?[raw.sqlite3_bind_parameter_count(statement)];
    }

    /// <summary>Sets a parameter: null, a whole number, a truth, a text or bytes. It keeps its value until it is set again.</summary>
    public void Bind(int position, object? value)
    {
        // Most columns of a row are those of the row before: nulls, zeros, the same tenant and model.
        value = value is DBNull ? null : value;
        if (Equals(bound[position], value))
        {
            return;
        }

        bound[position] = Unknown;
        var result = value switch
        {
            null => raw.sqlite3_bind_null(statement, position + 1),
            int number => raw.sqlite3_bind_int64(statement, position + 1, number),
            long number => raw.sqlite3_bind_int64(statement, position + 1, number),
            bool truth => raw.sqlite3_bind_int64(statement, position + 1, truth ? 1 : 0),
            string text => raw.sqlite3_bind_text(statement, position + 1, text),
            byte[] bytes => raw.sqlite3_bind_blob(statement, position + 1, bytes),
            _ => throw new ArgumentException($"A {value.GetType().Name} cannot be bound.", nameof(value)),
        };
        SqliteException.ThrowExceptionForRC(result, database);
        bound[position] = value;
    }

    /// <summary>Runs it and returns how many rows it changed.</summary>
    /// <exception cref="SqliteException">It failed; it may be run again.</exception>
    public int Execute()
    {
        var result = raw.sqlite3_step(statement);
        try
        {
            if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
            {
                SqliteException.ThrowExceptionForRC(result, database);
            }

            return raw.sqlite3_changes(database);
        }
        finally
        {
            _ = raw.sqlite3_reset(statement);
        }
    }

    public void Dispose() => statement.Dispose();
}
