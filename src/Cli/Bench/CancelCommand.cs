using System.CommandLine;
using Penstock.Cli.Bench.Cancel;
using Penstock.Cli.Ledger;
using Penstock.Cli.Output;
using Penstock.Ledger;
using Spectre.Console;

namespace Penstock.Cli.Bench;

/// <summary><c>penstock bench cancel</c>: what a client that leaves costs the server and whoever comes next.</summary>
internal sealed class CancelCommand
{
    private const int LongPrompt = 2_000;
    private const int ShortPrompt = 64;

    private static readonly Dictionary<string, CancelPhase> Phases = new(StringComparer.Ordinal)
    {
        ["queued"] = CancelPhase.Queued,
        ["prefill"] = CancelPhase.Prefill,
        ["first-token"] = CancelPhase.FirstToken,
        ["decode"] = CancelPhase.Decode,
    };

    private readonly ServerOptions server = new();
    private readonly Option<string> phase = new("--phase") { Description = "Where the request is when its client leaves.", Required = true };
    private readonly Option<int> n = new("--n") { Description = "How many clients leave, one after the other.", DefaultValueFactory = _ => 20 };
    private readonly Option<bool> noStream = new("--no-stream") { Description = "Ask for whole answers instead of streams." };
    private readonly Option<int?> promptTokens = new("--prompt-tokens") { Description = "Length of the prompt that matters. Default 2,000 for queued and prefill (halved until it fits), else 64.", HelpName = "n" };
    private readonly Option<int> outputTokens = new("--output-tokens") { Description = "How long the answer would be.", DefaultValueFactory = _ => 256 };
    private readonly Option<string> data = LedgerCommand.DataOption();
    private readonly Option<int> seed = new("--seed") { Description = "Of prompts and moments.", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> json = CommonOptions.Json();

    private CancelCommand()
    {
        phase.AcceptOnlyFromAmong([.. Phases.Keys]);
        AtLeast(n, 1);
        AtLeast(promptTokens, 1);
        AtLeast(outputTokens, 8);
    }

    public static Command Create() => new CancelCommand().Build();

    internal static string NameOf(CancelPhase phase) => Phases.Single(name => name.Value == phase).Key;

    private Command Build()
    {
        var command = new Command("cancel", "Let clients leave, and show what that costs the server and the next client.");
        server.AddTo(command);
        Option[] options = [phase, n, noStream, promptTokens, outputTokens, data, seed, json];
        Array.ForEach(options, command.Options.Add);
        command.SetAction((result, _) => RunAsync(result));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result)
    {
        var terminal = Terminal.Of(result);
        using var interruption = new Interruption();
        using var measured = await server.OpenAsync(result, TimeProvider.System, interruption.Token);

        using var ledger = OpenLedger(result);
        var run = new CancelRun(measured, ledger, terminal.WriteNote, TimeProvider.System);
        var report = await run.RunAsync(Plan(result), left => ShowProgress(terminal.Notes, left, result.GetValue(n)), interruption.Token);
        if (result.GetValue(json))
            terminal.WriteJson(report);
        else
            Show(terminal.Results, report);
        return report.N == result.GetValue(n) ? ExitCode.Done : ExitCode.Failed;
    }

    private CancelRun.Plan Plan(ParseResult result)
    {
        var where = Phases[result.GetRequiredValue(phase)];
        var usual = where is CancelPhase.Queued or CancelPhase.Prefill ? LongPrompt : ShortPrompt;
        return new CancelRun.Plan(where, result.GetValue(n), !result.GetValue(noStream), result.GetValue(promptTokens) ?? usual, result.GetValue(outputTokens), result.GetValue(seed));
    }

    /// <summary>The server's ledger, if it is here. A folder that was named must have one; the usual one need not.</summary>
    private WastedTokens? OpenLedger(ParseResult result)
    {
        try
        {
            return new WastedTokens(LedgerCommand.Open(result.GetRequiredValue(data)), TimeProvider.System);
        }
        catch (LedgerException error) when (error.Fault == LedgerFault.Missing && result.GetResult(data) is null or { Implicit: true })
        {
            return null;
        }
    }

    private static void ShowProgress(IAnsiConsole console, int left, int of)
    {
        if (console.Profile.Capabilities.Ansi)
            console.Write(new ControlCode(left < of ? $"\r{left} of {of} have left" : "\r\u001b[K"));
    }

    private static void Show(IAnsiConsole console, CancelReport report)
    {
        var idle = report.IdleRequestMs;
        console.MarkupLineInterpolated($"[bold]{report.N}[/] clients left ({report.Phase}, {(report.Stream ? "streaming" : "not streaming")}); prompt of {report.PromptTokens} tokens");
        console.MarkupLineInterpolated($"wasted tokens   mean [bold]{report.WastedTokens.Mean:0.##}[/], max [bold]{report.WastedTokens.Max:0.##}[/] (from the {report.WastedFrom})");
        console.MarkupLineInterpolated($"next request    p50 [bold]{report.NextRequestMs.P50:0.0}[/] ms, max [bold]{report.NextRequestMs.Max:0.0}[/] ms (on the idle server: p50 {idle.P50:0.0}, max {idle.Max:0.0})");
        if (report.LeftIn.Count > 0)
            console.MarkupLineInterpolated($"they left in    {string.Join(", ", report.LeftIn.Select(phase => $"{phase.Key} {phase.Value}"))}");
        if (report.TooLate > 0)
            console.MarkupLineInterpolated($"[yellow]{report.TooLate} requests were done before their client could leave; a longer prompt or answer helps[/]");
    }

    private static void AtLeast<T>(Option<T> option, int least) =>
        option.Require(value => value is not IConvertible number || number.ToInt64(null) >= least, $"at least {least}");
}
