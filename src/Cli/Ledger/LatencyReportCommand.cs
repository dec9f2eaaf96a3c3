using System.CommandLine;
using System.Text.Json;
using Penstock.Cli.Output;
using Penstock.Contracts.Records;
using Penstock.Ledger;
using Penstock.Ledger.Latency;
using Spectre.Console;

namespace Penstock.Cli.Ledger;

/// <summary><c>penstock ledger report latency</c>: how long clients waited, and why.</summary>
internal static class LatencyReportCommand
{
    public static Command Create()
    {
        var ledger = new LedgerPlace();
        var json = LedgerCommand.JsonOption("Print one JSON object.");
        var command = new Command("latency", "Times to first token, largest gaps and what caused those over the target; by class, tenant and model.") { json };
        ledger.AddTo(command);
        command.SetAction(result => Run(Terminal.Of(result), ledger.Open(result), result.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, LedgerReader opened, bool json)
    {
        using var reader = opened;
        var report = LatencyReport.Read(reader);
        if (json)
        {
            terminal.WriteJson(new { Total = Json(report.Total), ByClass = report.ByClass.Select(Json), ByTenant = report.ByTenant.Select(Json), ByModel = report.ByModel.Select(Json) });
            return ExitCode.Done;
        }

        Show(terminal.Results, report);
        return ExitCode.Done;
    }

    private static object Json(LatencySummary summary) => new
    {
        summary.Name,
        summary.Requests,
        TtftMs = Json(summary.FirstToken),
        LargestGapMs = Json(summary.LargestGap),
        summary.Preemptions,
        summary.GapsOverTarget,
        Causes = summary.Causes.ToDictionary(cause => Word(cause.Key), cause => new { Gaps = cause.Value, Share = Share(summary, cause.Value) }),
        LargestWasPrefillOf = summary.PrefillClasses.ToDictionary(entry => Word(entry.Key), entry => entry.Value),
    };

    private static object Json(Waits waits) => new
    {
        P50 = waits.P50?.TotalMilliseconds,
        P90 = waits.P90?.TotalMilliseconds,
        P99 = waits.P99?.TotalMilliseconds,
        Max = waits.Max?.TotalMilliseconds,
    };

    private static void Show(IAnsiConsole console, LatencyReport report)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("");
        string[] numbers = ["requests", "ttft p50", "p90", "p99", "max", "gap p50", "p90", "p99", "max", "over target", "preempted"];
        foreach (var number in numbers)
            table.AddColumn(new TableColumn(number).RightAligned());
        table.AddRow(Row("all", report.Total));
        AddGroups(table, "class", report.ByClass);
        AddGroups(table, "tenant", report.ByTenant);
        AddGroups(table, "model", report.ByModel);
        console.Write(table);
        ShowCauses(console, report.Total);
    }

    private static void AddGroups(Table table, string kind, IReadOnlyList<LatencySummary> groups)
    {
        foreach (var group in groups)
            table.AddRow(Row($"{kind} {group.Name}", group));
    }

    private static string[] Row(string name, LatencySummary summary) =>
    [
        Markup.Escape(name),
        $"{summary.Requests:N0}",
        .. Cells(summary.FirstToken),
        .. Cells(summary.LargestGap),
        $"{summary.GapsOverTarget:N0}",
        $"{summary.Preemptions:N0}",
    ];

    private static string[] Cells(Waits waits) => [Durations.Show(waits.P50), Durations.Show(waits.P90), Durations.Show(waits.P99), Durations.Show(waits.Max)];

    private static void ShowCauses(IAnsiConsole console, LatencySummary total)
    {
        if (total.GapsOverTarget == 0)
        {
            console.WriteLine("No gap was over its target.");
            return;
        }

        console.WriteLine($"{total.GapsOverTarget:N0} gaps over their target:");
        foreach (var (cause, gaps) in total.Causes.Where(cause => cause.Value > 0).OrderByDescending(cause => cause.Value))
            console.WriteLine($"  {Word(cause).Replace('_', ' '),-20} {gaps,8:N0}  {Share(total, gaps),7:P1}{Of(cause, total)}");
    }

    private static string Of(GapCause cause, LatencySummary total)
    {
        var classes = total.PrefillClasses.Where(entry => entry.Value > 0).Select(entry => $"{entry.Value:N0} {Word(entry.Key)}");
        return cause == GapCause.Prefill ? $"  largest of its request: {string.Join(", ", classes)}" : "";
    }

    private static double Share(LatencySummary summary, long gaps) => summary.GapsOverTarget == 0 ? 0 : (double)gaps / summary.GapsOverTarget;

    private static string Word<T>(T value) => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}");
}
