using Npgsql;
using NpgsqlTypes;

namespace Penstock.Ledger.Postgres;

/// <summary>Puts statements with their parameters into a batch.</summary>
internal static class PostgresBatches
{
    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql, params IEnumerable<(object? Value, NpgsqlDbType Type)> values)
    {
#pragma warning disable CA2100 // Built from constants of this assembly; values are parameters.
        var command = new NpgsqlBatchCommand(sql);
#pragma warning restore CA2100
        foreach (var (value, type) in values)
        {
            command.Parameters.Add(new() { Value = Storable(value), NpgsqlDbType = type });
        }

        batch.BatchCommands.Add(command);
        return command;
    }

    private static object Storable(object? value) => value switch
    {
        null => DBNull.Value,
        string text => PostgresText.Storable(text),
        string[] texts => Array.ConvertAll(texts, PostgresText.Storable),
        int number => (long)number,
        _ => value,
    };
}
