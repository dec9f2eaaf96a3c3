using Microsoft.Data.Sqlite;

namespace Penstock.Ledger.Storage;

/// <summary>SQLite's own check that pages, rows and constraints of the file are whole (https://www.sqlite.org/pragma.html#pragma_quick_check).</summary>
internal static class FileStructure
{
    private const string LawName = "file_is_whole";

    public static IReadOnlyList<LawViolation> Check(SqliteConnection connection)
    {
        using var command = connection.Prepare("PRAGMA quick_check");
        using var rows = command.ExecuteReader();
        var violations = new List<LawViolation>();
        while (rows.Read())
        {
            var finding = rows.GetString(0);
            if (finding != "ok")
            {
                violations.Add(new LawViolation(LawName, null, finding));
            }
        }

        return violations;
    }
}
