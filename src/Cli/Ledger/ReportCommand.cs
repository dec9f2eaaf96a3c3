using System.CommandLine;

namespace Penstock.Cli.Ledger;

/// <summary><c>penstock ledger report</c>: questions that the records answer.</summary>
internal static class ReportCommand
{
    public static Command Create() => new("report", "Answer a question from the records.") { LatencyReportCommand.Create() };
}
