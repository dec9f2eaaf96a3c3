using Spectre.Console;

namespace Penstock.Cli.Bench.Load;

/// <summary>Shows a load's report to people.</summary>
internal static class LoadTable
{
    public static void Write(IAnsiConsole console, LoadReport report)
    {
        console.MarkupLineInterpolated($"[bold]{report.Requests}[/] requests in {report.DurationS:0.00} s: {report.Ok} ok, {report.Cancelled} cancelled, {report.Errors} failed");
        foreach (var (failure, count) in report.Failures)
            console.MarkupLineInterpolated($"  [red]{count} × {failure}[/]");

        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("ms");
        foreach (var name in (string[])["p50", "p90", "p99", "max"])
            table.AddColumn(new TableColumn(name).RightAligned());
        Add(table, "first token", report.TtftMs);
        Add(table, "gap between tokens", report.GapMs);
        Add(table, "gap between arrivals", report.ArrivalGapMs);
        Add(table, "whole request", report.TotalMs);
        Add(table, "sent late by this program", report.SendLagMs);
        console.Write(table);

        console.MarkupLineInterpolated($"output    [bold]{report.OutputTokensPerS:0.0}[/] tokens/s ({report.OutputTokens:N0} tokens; prompts of {report.PromptTokensMean?.ToString("0") ?? "unknown"} on average)");
        console.MarkupLineInterpolated($"goodput   [bold]{report.GoodputPerS:0.00}[/] requests/s within the targets, of {report.RequestsPerS:0.00}");
        console.MarkupLineInterpolated($"stalls    {report.Stalls} in {report.StallRate:P1} of the streams");
        console.MarkupLineInterpolated($"together  {report.SameReadRate:P1} of the tokens came in one read with the event before them, {report.SameEventRate:P1} shared its event (gap 0)");
        if (report.Memory is { } memory)
            console.MarkupLineInterpolated($"memory    of process {memory.Pid}: {memory.StartMb:0.0} MB at the start, {memory.MedianMb:0.0} median, {memory.MaxMb:0.0} at most, {memory.EndMb:0.0} at the end; {memory.SlopeMbPer10KRequests?.ToString("+0.000;-0.000;0") ?? "unknown"} MB per 10,000 requests");
        Histogram.Write(console, "first token", report.SortedTtftMs);
        Histogram.Write(console, "gap between tokens", report.SortedGapMs);
    }

    private static void Add(Table table, string name, Distribution values) =>
        table.AddRow(name, Show(values.P50), Show(values.P90), Show(values.P99), Show(values.Max));

    private static string Show(double? milliseconds) => milliseconds switch
    {
        null => "-",
        < 10 => $"{milliseconds:0.00}",
        < 1000 => $"{milliseconds:0.0}",
        _ => $"{milliseconds:N0}",
    };
}
