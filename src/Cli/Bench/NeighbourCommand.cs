using System.CommandLine;
using Penstock.Cli.Bench.Load;
using Penstock.Cli.Bench.Neighbour;
using Penstock.Cli.Output;
using Spectre.Console;

namespace Penstock.Cli.Bench;

/// <summary><c>penstock bench neighbour</c>: what one tenant's long prompt does to everybody's streams.</summary>
internal sealed class NeighbourCommand
{
    private readonly ServerOptions server = new();
    private readonly Option<int> streams = Count("--streams", "How many streams run beside the long prompt.", 4);
    private readonly Option<int> longPrompt = Count("--long-prompt-tokens", "Length of the long prompt; halved until it fits the model.", 8_000);
    private readonly Option<int> alone = Count("--alone-tokens", "Tokens that each stream has before the long prompt comes.", 64);
    private readonly Option<int> streamTokens = Count("--stream-tokens", "Tokens that each stream could have in all; halved until they fit.", 4_000);
    private readonly Option<int> seed = new("--seed") { Description = "Of the prompts.", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> json = CommonOptions.Json();

    public static Command Create() => new NeighbourCommand().Build();

    private Command Build()
    {
        var command = new Command("neighbour", "Send a long prompt beside running streams; show what it does to their gaps.");
        server.AddTo(command);
        Option[] options = [streams, longPrompt, alone, streamTokens, seed, json];
        Array.ForEach(options, command.Options.Add);
        command.SetAction((result, _) => RunAsync(result));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result)
    {
        var terminal = Terminal.Of(result);
        using var interruption = new Interruption();
        using var measured = await server.OpenAsync(result, TimeProvider.System, interruption.Token);
        var report = await new NeighbourRun(measured, terminal.WriteNote, TimeProvider.System).RunAsync(
            result.GetValue(streams),
            result.GetValue(alone),
            result.GetValue(streamTokens),
            result.GetValue(longPrompt),
            result.GetValue(seed),
            interruption.Token);
        if (result.GetValue(json))
            terminal.WriteJson(report);
        else
            Show(terminal.Results, report);
        return ExitCode.Done;
    }

    private static void Show(IAnsiConsole console, NeighbourReport report)
    {
        console.MarkupLineInterpolated($"[bold]{report.Streams}[/] streams beside a prompt of [bold]{report.LongPromptTokens}[/] tokens, whose first token took [bold]{report.LongTtftMs:N0}[/] ms");
        Line(console, "gap before", report.GapMsBefore);
        Line(console, "gap during", report.GapMsDuring);
        Line(console, "  by event", report.EventGapMsDuring);
        if (report.StreamsEndedEarly > 0)
            console.MarkupLineInterpolated($"[yellow]{report.StreamsEndedEarly} streams ended before the long prompt had been read; --stream-tokens makes them longer[/]");
    }

    private static void Line(IAnsiConsole console, string name, Distribution gaps) =>
        console.MarkupLineInterpolated($"{name}   p50 [bold]{gaps.P50:0.0}[/] ms, p99 [bold]{gaps.P99:0.0}[/], max [bold]{gaps.Max:0.0}[/]");

    private static Option<int> Count(string name, string description, int usual)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual, HelpName = "n" };
        option.Require(value => value >= 1, "at least 1");
        return option;
    }
}
