using System.CommandLine;
using Penstock.Ledger;

namespace Penstock.Cli.Ledger;

/// <summary><c>penstock ledger</c>: read the record of every request, also while a server writes it.</summary>
public static class LedgerCommand
{
    public static Command Create() => new("ledger", "Read the record of every request: what it cost, how long it took, how it ended.")
    {
        TailCommand.Create(),
        SummaryCommand.Create(),
        AuditCommand.Create(),
        ReportCommand.Create(),
    };

    internal static Option<string> DataOption() => new("--data")
    {
        Description = "The data folder of a server, or the ledger file itself.",
        DefaultValueFactory = _ => "data",
        HelpName = "dir",
    };

    internal static Option<bool> JsonOption(string description) => new("--json") { Description = description };

    internal static LedgerReader Open(string data) => LedgerReader.Open(File.Exists(data) ? data : LedgerOptions.InFolder(data).File);
}
