using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Ledger;
using Spectre.Console;

namespace Penstock.Cli.Ledger;

/// <summary><c>penstock ledger summary</c>: a whole ledger in a few numbers.</summary>
internal static class SummaryCommand
{
    public static Command Create()
    {
        var ledger = new LedgerPlace();
        var json = LedgerCommand.JsonOption("Print one JSON object.");
        var command = new Command("summary", "Requests, tokens by fate and times to first token, by model and by tenant.") { json };
        ledger.AddTo(command);
        command.SetAction(result => Run(Terminal.Of(result), ledger.Open(result), result.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, LedgerReader opened, bool json)
    {
        using var reader = opened;
        var summary = LedgerSummary.Read(reader);
        if (json)
        {
            terminal.WriteJson(new { Total = Json(summary.Total), ByModel = summary.ByModel.Select(Json), ByTenant = summary.ByTenant.Select(Json) });
            return ExitCode.Done;
        }

        ShowTotal(terminal.Results, summary.Total);
        if (summary.Total.Requests > 0)
        {
            terminal.Results.Write(Groups("model", summary.ByModel));
            terminal.Results.Write(Groups("tenant", summary.ByTenant));
        }

        return ExitCode.Done;
    }

    private static object Json(UsageSummary usage) => new
    {
        usage.Name,
        Requests = new { Total = usage.Requests, usage.Finished, usage.Interrupted, usage.Running, usage.Ends },
        PromptTokens = new { Total = usage.Prompt, usage.Cached, usage.Prefilled, usage.NotReached },
        SampledTokens = new { Total = usage.Sampled, usage.Delivered, usage.Hidden, usage.DiscardedCancelled, usage.DiscardedDisconnected, usage.DiscardedTrimmed },
        CancellationTax = new { Tokens = usage.CancellationTax, Share = Share(usage) },
        TtftMs = new { P50 = usage.TimeToFirstTokenP50?.TotalMilliseconds, P99 = usage.TimeToFirstTokenP99?.TotalMilliseconds },
    };

    private static void ShowTotal(IAnsiConsole console, UsageSummary all)
    {
        var ends = string.Join(", ", all.Ends.Where(end => end.Value > 0).Select(end => $"{end.Value:N0} {end.Key}"));
        console.WriteLine($"requests          {all.Requests:N0} = {all.Finished:N0} finished + {all.Interrupted:N0} interrupted + {all.Running:N0} running");
        console.WriteLine($"ends              {(ends.Length > 0 ? ends : "none yet")}");
        console.WriteLine($"prompt tokens     {all.Prompt:N0} = {all.Cached:N0} cached + {all.Prefilled:N0} prefilled + {all.NotReached:N0} not reached{Unaccounted(all)}");
        console.WriteLine($"sampled tokens    {all.Sampled:N0} = {all.Delivered:N0} delivered + {all.Hidden:N0} hidden + {all.CancellationTax + all.DiscardedTrimmed:N0} discarded");
        console.WriteLine($"cancellation tax  {all.CancellationTax:N0} tokens for clients that had left ({Share(all):P2} of those sampled)");
        console.WriteLine($"first token       p50 {Durations.Show(all.TimeToFirstTokenP50)}, p99 {Durations.Show(all.TimeToFirstTokenP99)}");
    }

    /// <summary>Prompts of requests that run or were interrupted: how much of them was computed is not known.</summary>
    private static string Unaccounted(UsageSummary all)
    {
        var open = all.Prompt - all.Cached - all.Prefilled - all.NotReached;
        return open == 0 ? "" : $" + {open:N0} of requests running or interrupted";
    }

    private static Table Groups(string title, IReadOnlyList<UsageSummary> groups)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(title);
        string[] numbers = ["requests", "cancelled", "refused", "failed", "prompt", "cached", "sampled", "delivered", "discarded", "ttft p50", "ttft p99"];
        foreach (var number in numbers)
            table.AddColumn(new TableColumn(number).RightAligned());
        foreach (var group in groups)
        {
            table.AddRow(
                Markup.Escape(group.Name),
                $"{group.Requests:N0}",
                $"{group.Ends["cancelled"]:N0}",
                $"{group.Ends["refused"]:N0}",
                $"{group.Ends["error"] + group.Ends["deadline"] + group.Interrupted:N0}",
                $"{group.Prompt:N0}",
                $"{group.Cached:N0}",
                $"{group.Sampled:N0}",
                $"{group.Delivered:N0}",
                $"{group.CancellationTax + group.DiscardedTrimmed:N0}",
                Durations.Show(group.TimeToFirstTokenP50),
                Durations.Show(group.TimeToFirstTokenP99));
        }

        return table;
    }

    private static double Share(UsageSummary usage) => usage.Sampled == 0 ? 0 : (double)usage.CancellationTax / usage.Sampled;
}
