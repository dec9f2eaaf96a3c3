using System.CommandLine;
using Penstock.Cli.Bench.Load;
using Penstock.Cli.Output;

namespace Penstock.Cli.Bench;

/// <summary><c>penstock bench load</c>: many requests, measured from the moment at which each should have been sent.</summary>
internal sealed class LoadCommand
{
    private readonly ServerOptions server = new();
    private readonly Option<double?> rate = new("--rate") { Description = "Open loop: requests a second, whatever the server does.", HelpName = "per second" };
    private readonly Option<string> arrivals = new("--arrivals") { Description = "How the arrivals of --rate are spread.", DefaultValueFactory = _ => "poisson" };
    private readonly Option<int?> concurrency = new("--concurrency") { Description = "Closed loop: so many requests at once, the next when one ends.", HelpName = "n" };
    private readonly Option<string?> trace = new("--trace") { Description = "Open loop: arrivals and lengths from a CSV file (see docs/bench.md).", HelpName = "file" };
    private readonly Option<double> speed = new("--speed") { Description = "Replay the trace so many times as fast.", DefaultValueFactory = _ => 1 };
    private readonly Option<int?> requests = new("--requests") { Description = "How many requests. Default 100; of a trace: all.", HelpName = "n" };
    private readonly Option<int> promptTokens = new("--prompt-tokens") { Description = "About how long each prompt is.", DefaultValueFactory = _ => 128 };
    private readonly Option<int> outputTokens = new("--output-tokens") { Description = "How long each answer is.", DefaultValueFactory = _ => 64 };
    private readonly Option<double> cancelRate = new("--cancel-rate") { Description = "Share of the clients that leave at a random token, 0 to 1.", DefaultValueFactory = _ => 0 };
    private readonly Option<bool> stopAtEos = new("--stop-at-eos") { Description = "Let answers end where the model ends them (without: ignore_eos is sent, so that lengths hold)." };
    private readonly Option<double?> ttftTarget = new("--ttft-target-ms") { Description = "Goodput counts requests whose first token comes within this.", HelpName = "ms" };
    private readonly Option<double?> gapTarget = new("--gap-target-ms") { Description = "Goodput counts requests with 99% of their gaps within this.", HelpName = "ms" };
    private readonly Option<int?> watchPid = new("--watch-pid") { Description = "Show the resident memory of this process, a server on this machine, over the load.", HelpName = "pid" };
    private readonly Option<int> seed = new("--seed") { Description = "Of arrivals, prompts and cancellations.", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> json = new("--json") { Description = "Print one JSON object; the table goes to standard error." };

    private LoadCommand()
    {
        arrivals.AcceptOnlyFromAmong("poisson", "fixed");
        OverZero(rate);
        OverZero(concurrency);
        OverZero(speed);
        OverZero(requests);
        OverZero(promptTokens);
        OverZero(outputTokens);
        OverZero(watchPid);
        cancelRate.Require(rate => rate is >= 0 and <= 1, "from 0 to 1");
    }

    public static Command Create() => new LoadCommand().Build();

    private Command Build()
    {
        var command = new Command("load", "Send many requests; show latencies, stalls, throughput and goodput.");
        server.AddTo(command);
        Option[] options = [rate, arrivals, concurrency, trace, speed, requests, promptTokens, outputTokens, cancelRate, stopAtEos, ttftTarget, gapTarget, watchPid, seed, json];
        Array.ForEach(options, command.Options.Add);
        command.Validators.Add(result =>
        {
            Option[] modes = [rate, concurrency, trace];
            if (modes.Count(mode => result.GetResult(mode) is not null) != 1)
                result.AddError("Name exactly one of --rate, --concurrency and --trace.");
        });
        command.SetAction((result, _) => RunAsync(result));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result)
    {
        var terminal = Terminal.Of(result);
        var plan = Plan(result);
        using var interruption = new Interruption();
        using var measured = await server.OpenAsync(result, TimeProvider.System, interruption.Token);

        var targets = new LatencyTargets(result.GetValue(ttftTarget), result.GetValue(gapTarget));
        var run = new LoadRun(measured, TimeProvider.System);
        var memory = result.GetValue(watchPid) is { } pid ? ResidentMemory.OfProcess(pid, plan.Arrivals.Count) : null;
        var report = await LoadProgress.ShowAsync(terminal.Notes, plan.Arrivals.Count, show => run.RunAsync(
            plan,
            targets,
            sample =>
            {
                show(sample);
                memory?.Count();
            },
            interruption.Token));
        report = report with { Memory = memory?.Report() };
        LoadTable.Write(result.GetValue(json) ? terminal.Notes : terminal.Results, report);
        if (result.GetValue(json))
            terminal.WriteJson(report);
        return report.Errors == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private LoadRun.Plan Plan(ParseResult result)
    {
        var count = result.GetValue(requests);
        var (prompt, output, chance) = (result.GetValue(promptTokens), result.GetValue(outputTokens), result.GetValue(seed));
        const int usual = 100;
        var planned = result.GetValue(trace) is { } file
            ? TraceFile.Read(file, count, result.GetValue(speed))
            : result.GetValue(rate) is not { } perSecond
                ? Arrivals.AtOnce(count ?? usual, prompt, output)
                : result.GetRequiredValue(arrivals) == "fixed"
                    ? Arrivals.Fixed(count ?? usual, perSecond, prompt, output)
                    : Arrivals.Poisson(count ?? usual, perSecond, prompt, output, chance);
        return new LoadRun.Plan(planned, result.GetValue(concurrency), result.GetValue(cancelRate), !result.GetValue(stopAtEos), chance);
    }

    private static void OverZero<T>(Option<T> option) =>
        option.Require(value => value is not IConvertible number || number.ToDouble(null) is > 0 and < double.PositiveInfinity, "a number over 0");
}
