using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Penstock.Ledger.Storage;

/// <summary>Texts that repeat from row to row (tenants, models, fingerprints) as numbers, in both directions. One thread at a time.</summary>
internal sealed class LabelTable : ILabels, IDisposable
{
    // Far more than a server has tenants, keys and models; a bound all the same, since clients choose some of these texts.
    private const int MostCached = 20_000;

    private readonly Dictionary<string, long> ids = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> texts = [];
    private readonly SqliteCommand findId;
    private readonly SqliteCommand findText;
    private readonly SqliteCommand insert;

    public LabelTable(SqliteConnection connection)
    {
        findId = Prepare(connection, "SELECT id FROM label WHERE text = $value");
        findText = Prepare(connection, "SELECT text FROM label WHERE id = $value");
        insert = Prepare(connection, "INSERT INTO label (text) VALUES ($value) RETURNING id");
    }

    /// <summary>The number of a text, added to the table if it is new. Null stays null.</summary>
    public object IdOf(string? text)
    {
        if (text is null)
        {
            return DBNull.Value;
        }

        if (!ids.TryGetValue(text, out var id))
        {
            id = Convert.ToInt64(Ask(findId, text) ?? Ask(insert, text), CultureInfo.InvariantCulture);
            Trim(ids);
            ids[text] = id;
        }

        return id;
    }

    /// <inheritdoc/>
    public string Read(DbDataReader row, int column) => TextOf(row.GetInt64(column));

    /// <summary>The text of a number that a row refers to.</summary>
    public string TextOf(long id)
    {
        if (!texts.TryGetValue(id, out var text))
        {
            text = Ask(findText, id) as string ?? string.Create(CultureInfo.InvariantCulture, $"label {id} is missing");
            Trim(texts);
            texts[id] = text;
        }

        return text;
    }

    /// <summary>Forgets what may have been rolled back.</summary>
    public void Forget() => ids.Clear();

    public void Dispose()
    {
        findId.Dispose();
        findText.Dispose();
        insert.Dispose();
    }

    private static object? Ask(SqliteCommand command, object value)
    {
        command.Parameters[0].Value = value;
        return command.ExecuteScalar();
    }

    private static void Trim<TKey, TValue>(Dictionary<TKey, TValue> cache)
        where TKey : notnull
    {
        if (cache.Count >= MostCached)
        {
            cache.Clear();
        }
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.Add(new SqliteParameter("$value", null));
        return command;
    }
}
