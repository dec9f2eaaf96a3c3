using System.Data.Common;

namespace Penstock.Ledger.Storage;

/// <summary>How a store keeps texts that repeat from row to row: as they are, or as numbers into a table.</summary>
internal interface ILabels
{
    /// <summary>What is stored for a text. Null stays null.</summary>
    object IdOf(string? text);

    /// <summary>The text of a column that is not null.</summary>
    string Read(DbDataReader row, int column);
}
