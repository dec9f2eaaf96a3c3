using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Contracts.Records;
using Penstock.Ledger;
using Spectre.Console;

namespace Penstock.Cli.Ledger;

/// <summary><c>penstock ledger tail</c>: the last records, one a line; with <c>--follow</c> each further one as it ends.</summary>
internal static class TailCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var count = new Option<int>("--count", "-n") { Description = "How many records.", DefaultValueFactory = _ => 20 };
        count.Require(value => value >= 0, "0 or more");
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with each request as it ends, until Ctrl+C." };
        var ledger = new LedgerPlace();
        var json = LedgerCommand.JsonOption("Print one JSON object a line, with every field of the record.");
        var command = new Command("tail", "Show the last requests: where their tokens and milliseconds went.") { count, follow, json };
        ledger.AddTo(command);
        command.SetAction((result, cancellation) => RunAsync(
            Terminal.Of(result),
            ledger.Open(result),
            result.GetValue(count),
            result.GetValue(follow),
            result.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, LedgerReader opened, int count, bool follow, bool json)
    {
        using var reader = opened;
        var last = reader.Tail(Math.Max(count, 1));
        var shown = count == 0 ? [] : last;
        var table = new TailTable(terminal.Results, shown.Select(entry => entry.Record));
        Action<RequestRecord> write = json ? record => terminal.WriteJsonLine(RecordJson.Of(record)) : table.Write;
        foreach (var entry in shown)
            write(entry.Record);
        if (follow)
            await FollowAsync(reader, last, write);
        else if (shown.Count == 0 && !json)
            terminal.Notes.WriteLine("The ledger has no requests yet.");
        return ExitCode.Done;
    }

    private static async Task FollowAsync(LedgerReader reader, IReadOnlyList<LedgerEntry> last, Action<RequestRecord> write)
    {
        using var interruption = new Interruption();
        var newest = last.Count > 0 ? last[^1].Sequence : 0;
        var running = last.Where(IsRunning).Select(entry => entry.Sequence).ToHashSet();
        while (!interruption.Token.IsCancellationRequested)
        {
            var ended = new List<LedgerEntry>(running.Select(reader.At).OfType<LedgerEntry>().Where(entry => !IsRunning(entry)));
            running.ExceptWith(ended.Select(entry => entry.Sequence));
            foreach (var entry in reader.After(newest))
            {
                newest = entry.Sequence;
                if (IsRunning(entry))
                    running.Add(entry.Sequence);
                else
                    ended.Add(entry);
            }

            foreach (var entry in ended.OrderBy(entry => entry.Record.FinishedAt))
                write(entry.Record);
            await Task.Delay(BetweenLooks, interruption.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool IsRunning(LedgerEntry entry) => entry.Record.State == RecordState.Admitted;
}
