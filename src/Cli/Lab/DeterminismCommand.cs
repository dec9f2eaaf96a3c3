using System.CommandLine;
using Penstock.Cli.Bench;
using Penstock.Cli.Output;
using Penstock.Lab.Determinism;
using Penstock.Lab.Subjects;
using Spectre.Console;

namespace Penstock.Cli.Lab;

/// <summary><c>penstock lab determinism</c>: one prompt many times, alone or in a crowd, and how many different answers that gives.</summary>
internal sealed class DeterminismCommand
{
    private static readonly DeterminismOptions Usual = new() { N = 100 };

    private readonly ServerOptions server = new();
    private readonly Option<int> n = Count("--n", "How often the prompt is asked; the first time alone.", Usual.N, least: 2);
    private readonly Option<string> load = new("--load") { Description = "What runs beside it: none, or mixed for random neighbours of which some leave.", DefaultValueFactory = _ => "mixed" };
    private readonly Option<bool> deterministic = new("--deterministic") { Description = "Ask for determinism; without it the count is what one gets by default.", HelpName = "true|false" };
    private readonly Option<float> temperature = new("--temperature") { Description = "0 = greedy.", DefaultValueFactory = _ => Usual.Temperature, HelpName = "t" };
    private readonly Option<long?> seed = new("--seed") { Description = "Of the prompt's sampling. Without one a temperature above 0 gives different answers by right.", HelpName = "n" };
    private readonly Option<string> prompt = new("--prompt") { Description = "What is asked.", DefaultValueFactory = _ => Usual.Prompt, HelpName = "text" };
    private readonly Option<int> outputTokens = Count("--output-tokens", "Length of an answer.", Usual.OutputTokens);
    private readonly Option<int> concurrency = Count("--concurrency", "With a load: how many of the measured requests run at the same time.", Usual.Concurrency);
    private readonly Option<int> neighbours = Count("--neighbours", "With a load: how many others run at the same time.", Usual.Neighbours);
    private readonly Option<int> neighbourTokens = Count("--neighbour-prompt-tokens", "With a load: length of the longest prompts of others; halved while the model refuses them.", Usual.NeighbourPromptTokens);
    private readonly Option<double> leaveRate = new("--leave-rate") { Description = "With a load: share of others that leave before their answer ends.", DefaultValueFactory = _ => Usual.LeaveRate, HelpName = "share" };
    private readonly Option<int> costRounds = Count("--cost-rounds", "Rounds that measure throughput beforehand, without and with determinism where it is asked for; 0 = do not.", 3, least: 0);
    private readonly Option<int> crowdSeed = new("--crowd-seed") { Description = "Of everything random about the load.", DefaultValueFactory = _ => Usual.CrowdSeed, HelpName = "n" };
    private readonly Option<string[]> otherKeys = new("--other-api-key-env") { Description = "Variables with more API keys, so that the neighbours are several tenants.", HelpName = "variable" };
    private readonly Option<bool> json = CommonOptions.Json();

    public static Command Create() => new DeterminismCommand().Build();

    private Command Build()
    {
        load.AcceptOnlyFromAmong("none", "mixed");
        temperature.Require(value => value is >= 0 and <= 100, "a number from 0 to 100");
        leaveRate.Require(value => value is >= 0 and <= 1, "a number from 0 to 1");
        var command = new Command("determinism", "Ask one prompt many times amid random neighbours; count the different answers.");
        server.AddTo(command);
        Option[] options = [n, load, deterministic, temperature, seed, prompt, outputTokens, concurrency, neighbours, neighbourTokens, leaveRate, costRounds, crowdSeed, otherKeys, json];
        Array.ForEach(options, command.Options.Add);
        command.SetAction((result, _) => RunAsync(result));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result)
    {
        var terminal = Terminal.Of(result);
        using var interruption = new Interruption();
        using var subject = await SubjectAsync(result, interruption.Token);
        var options = OptionsOf(result);
        var outcome = await terminal.ProgressAsync($"Asking {subject.Model}", progress => new DeterminismRun(subject, options, TimeProvider.System).RunAsync(progress, interruption.Token));
        if (!outcome.Ok)
            throw new CommandException(outcome.Error.Message);

        var report = outcome.Value;
        if (result.GetValue(json))
            terminal.WriteJson(report);
        else
            Show(terminal.Results, report);
        if (report.Failed > 0)
            terminal.WriteNote($"{report.Failed} requests were not answered; the first said: {report.Problem}");
        return report.Failed > 0 || (options.Deterministic && report.Distinct > 1) ? ExitCode.Failed : ExitCode.Done;
    }

    private async Task<HttpSubject> SubjectAsync(ParseResult result, CancellationToken cancellationToken)
    {
        using var client = await server.ConnectAsync(result, TimeProvider.System, cancellationToken);
        var key = server.ApiKey(result);
        var others = (result.GetValue(otherKeys) ?? []).Select(ServerOptions.KeyIn);
        return new HttpSubject(client.Root, client.Model, key is null ? [] : [key, .. others]);
    }

    private DeterminismOptions OptionsOf(ParseResult result) => new()
    {
        N = result.GetValue(n),
        Load = result.GetValue(load) == "none" ? NeighbourLoad.None : NeighbourLoad.Mixed,
        Deterministic = result.GetValue(deterministic),
        Temperature = result.GetValue(temperature),
        Seed = result.GetValue(seed),
        Prompt = result.GetRequiredValue(prompt),
        OutputTokens = result.GetValue(outputTokens),
        Concurrency = result.GetValue(concurrency),
        Neighbours = result.GetValue(neighbours),
        NeighbourPromptTokens = result.GetValue(neighbourTokens),
        LeaveRate = result.GetValue(leaveRate),
        CostRounds = result.GetValue(costRounds),
        CrowdSeed = result.GetValue(crowdSeed),
    };

    private static void Show(IAnsiConsole console, DeterminismReport report)
    {
        console.MarkupLineInterpolated($"[bold]{report.Distinct}[/] distinct of [bold]{report.N}[/] answers; they agree in [bold]{report.Agreement:P2}[/] of their {report.Unit}s before the first difference");
        if (report.FirstDivergenceToken is { } at)
            console.MarkupLineInterpolated($"the first difference is at {report.Unit} {at}");
        if (report.DistinctReceipts is { } receipts)
            console.MarkupLineInterpolated($"{receipts} distinct receipts, computed by {report.Fingerprint}");
        if (report.DistinctFingerprints > 1)
            console.MarkupLineInterpolated($"[yellow]{report.DistinctFingerprints} different fingerprints answered: the model changed meanwhile[/]");
        if (report.Crowd is { } crowd)
        {
            console.MarkupLineInterpolated($"beside {crowd.Finished} neighbours that finished and {crowd.Left} that left ({crowd.Busy} turned away, {crowd.Failed} failed); {crowd.CachedPromptTokens} prompt tokens came from the cache");
            if (crowd.Preemptions is { } preemptions)
                console.MarkupLineInterpolated($"{preemptions} preemptions meanwhile");
        }

        console.MarkupLineInterpolated($"{report.OutputTokensPerS:0.0} tokens/s of measured answers");
        if (report.Lane is { Ratio: { } ratio } lane)
            console.MarkupLineInterpolated($"without a crowd: {lane.LaneTokensPerS:0.0} tokens/s with determinism against {lane.PlainTokensPerS:0.0}, ratio [bold]{ratio:0.000}[/] over {lane.Rounds} pairs of rounds");
    }

    private static Option<int> Count(string name, string description, int usual, int least = 1)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual, HelpName = "n" };
        option.Require(value => value >= least, $"at least {least}");
        return option;
    }
}
