using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Ledger;
using Spectre.Console;

namespace Penstock.Cli.Ledger;

/// <summary><c>penstock ledger audit</c>: proves the laws over every record; exit code 1 on a violation.</summary>
internal static class AuditCommand
{
    private const int MostShown = 20;

    public static Command Create()
    {
        var ledger = new LedgerPlace();
        var json = LedgerCommand.JsonOption("Print one JSON object.");
        var command = new Command("audit", "Prove that every record adds up.") { json };
        ledger.AddTo(command);
        command.SetAction(result => Run(Terminal.Of(result), ledger.Open(result), result.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, LedgerReader opened, bool json)
    {
        using var reader = opened;
        using var interruption = new Interruption();
        var report = LedgerAudit.Run(reader, interruption.Token);
        if (json)
            terminal.WriteJson(report);
        else
            Show(terminal.Results, report);
        return report.ViolationCount == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Show(IAnsiConsole console, AuditReport report)
    {
        console.MarkupLineInterpolated($"{report.Records} records: {report.Finished} finished, {report.Interrupted} interrupted, {report.Running} running");
        if (report.ViolationCount == 0)
        {
            console.MarkupLine("[green]every law holds[/]");
            return;
        }

        console.MarkupLineInterpolated($"[red]{report.ViolationCount} violations[/]");
        foreach (var violation in report.Violations.Take(MostShown))
            console.MarkupLineInterpolated($"  {violation.RequestId ?? "the ledger"}  {violation.Law}: {violation.Detail}");
        if (report.ViolationCount > MostShown)
            console.MarkupLineInterpolated($"  and {report.ViolationCount - MostShown} more; --json lists them");
    }
}
