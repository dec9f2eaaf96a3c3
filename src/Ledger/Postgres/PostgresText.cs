using System.Data.Common;
using System.Text;
using Penstock.Ledger.Storage;

namespace Penstock.Ledger.Postgres;

/// <summary>
/// Texts as PostgreSQL takes them: Unicode without the character 0. Clients choose names of runs and steps, and one such text must not fail the transaction of everybody else's rows.
/// </summary>
internal static class PostgresText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text with what cannot be stored replaced by U+FFFD; mostly the text itself.</summary>
    public static string Storable(string text)
    {
        var broken = false;
        for (var i = 0; i < text.Length && !broken; i++)
        {
            var whole = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            broken = text[i] == '\0' || (char.IsSurrogate(text[i]) && !whole);
            i += whole ? 1 : 0;
        }

        return broken ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', Replacement) : text;
    }

    /// <summary>Texts that repeat are stored as they are: many gateways would otherwise have to agree on their numbers.</summary>
    public sealed class Labels : ILabels
    {
        public object IdOf(string? text) => text ?? (object)DBNull.Value;

        public string Read(DbDataReader row, int column) => row.GetString(column);
    }
}
