using System.Globalization;
using Penstock.Contracts.Records;
using Penstock.Ledger;
using Spectre.Console;

namespace Penstock.Cli.Ledger;

/// <summary>
/// Writes records one a line, in columns that stay put while lines are added. Tokens are written as the sums that they are, each
/// number under its word: <c>prompt = cached + prefilled + unreached</c>. A terminal that is too narrow gets shorter words.
/// </summary>
internal sealed class TailTable
{
    private const string Between = "  ";
    private const int ShortId = 9;

    private readonly IAnsiConsole console;
    private readonly bool narrow;
    private readonly int idWidth;
    private readonly int tenantWidth;
    private readonly int modelWidth;
    private readonly string[] promptWords;
    private readonly string[] sampledWords;
    private bool headed;

    /// <param name="console">Where to write.</param>
    /// <param name="first">The records that come first: the columns are as wide as they need.</param>
    public TailTable(IAnsiConsole console, IEnumerable<RequestRecord> first)
    {
        this.console = console;
        var sample = first.ToList();
        idWidth = Widest("request", 20, sample.Select(record => record.RequestId));
        tenantWidth = Widest("tenant", 6, sample.Select(record => record.Tenant));
        modelWidth = Widest("model", 6, sample.Select(record => record.Model));
        promptWords = ["prompt", "cached", "prefilled", "unreached"];
        sampledWords = ["sampled", "delivered", "hidden", "discarded"];
        if (Header().Length > console.Profile.Width)
        {
            narrow = true;
            idWidth = ShortId;
            promptWords = ["prompt", "cached", "new", "left"];
            sampledWords = ["sampled", "shown", "hidden", "lost"];
        }
    }

    public void Write(RequestRecord record)
    {
        if (!headed)
        {
            console.MarkupLineInterpolated($"[bold]{Header()}[/]");
            headed = true;
        }

        var t = record.Tokens;
        var cells = new List<string>
        {
            record.ReceivedAt.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            Id(record.RequestId).PadRight(idWidth),
        };
        if (!narrow)
            cells.Add(record.Tenant.PadRight(tenantWidth));
        cells.Add(record.Model.PadRight(modelWidth));
        cells.Add(Sum(promptWords, record, t.Prompt, t.Cached, t.Prefilled, t.NotReached));
        cells.Add(Sum(sampledWords, record, t.Sampled, t.DeliveredVisible, t.HiddenReasoning, t.Discarded));
        cells.Add(Durations.Show(record.TimeToFirstToken).PadLeft(8));
        cells.Add((record.State == RecordState.Finished ? Durations.Show(record.WallTime) : "-").PadLeft(8));

        // Written in two parts, and without folding, so that a long end runs over the edge rather than breaking the columns.
        console.Profile.Out.Writer.Write(string.Join(Between, cells) + Between);
        console.MarkupLine(End(record));
    }

    private string Header()
    {
        var cells = new List<string> { "time    ", "request".PadRight(idWidth) };
        if (!narrow)
            cells.Add("tenant".PadRight(tenantWidth));
        cells.Add("model".PadRight(modelWidth));
        cells.AddRange([Words(promptWords), Words(sampledWords), "    ttft", "    wall", "end"]);
        return string.Join(Between, cells);
    }

    private string Id(string id) => narrow && id.Length > ShortId ? string.Concat("…", id.AsSpan(id.Length - ShortId + 1)) : id;

    private static string Words(string[] words) => $"{words[0]} = {words[1]} + {words[2]} + {words[3]}";

    /// <summary>Each number right-aligned under its word. What became of an unfinished request's tokens is not known.</summary>
    private static string Sum(string[] words, RequestRecord record, params ReadOnlySpan<int> numbers)
    {
        var known = record.State == RecordState.Finished;
        var cells = new string[numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
            cells[i] = (known || numbers[i] != 0 ? numbers[i].ToString(CultureInfo.InvariantCulture) : "?").PadLeft(words[i].Length);
        return Words(cells);
    }

    private static string End(RequestRecord record)
    {
        var broken = LedgerLaws.Check(record);
        var end = record.State switch
        {
            RecordState.Admitted => "[blue]running[/]",
            RecordState.Interrupted => "[red]interrupted[/]",
            _ => record.FinishReason switch
            {
                FinishReason.Stop or FinishReason.Length => $"[green]{Word(record.FinishReason)}[/]",
                FinishReason.Cancelled => $"[yellow]cancelled in {Word(record.FinishPhase)}[/]",
                _ => $"[red]{Word(record.FinishReason)} {Markup.Escape(record.ErrorCode ?? "")}[/]",
            },
        };
        return broken.Count == 0 ? end : $"{end} [red bold]breaks {string.Join(", ", broken.Select(violation => violation.Law))}[/]";
    }

    private static string Word<T>(T value) => $"{value}".ToLowerInvariant();

    private static int Widest(string word, int least, IEnumerable<string> values) =>
        values.Select(value => value.Length).Append(word.Length).Append(least).Max();
}
