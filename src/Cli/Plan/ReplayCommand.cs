using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Engine.Scheduling;
using Penstock.Planning.Costs;
using Penstock.Planning.Replay;
using Penstock.Planning.Traces;
using Spectre.Console;

namespace Penstock.Cli.Plan;

/// <summary><c>penstock plan replay</c>: a trace through the server's scheduler in virtual time.</summary>
internal static class ReplayCommand
{
    private const int TenantsShown = 12;

    public static Command Create()
    {
        var trace = new Option<string>("--trace") { Description = "Requests: CSV with arrival_s,tenant,prompt_tokens,output_tokens, an Azure LLM inference trace, or Mooncake's JSON lines.", Required = true, HelpName = "file" };
        var cost = new Option<string>("--cost") { Description = "Cost profile of the machine and model, JSON (docs/planning.md).", Required = true, HelpName = "file" };
        var policy = new Option<string>("--policy") { Description = "Whose turn it is: vtc by service received, fcfs by arrival, unchunked by arrival with whole prompts.", DefaultValueFactory = _ => "vtc" };
        policy.AcceptOnlyFromAmong("fcfs", "vtc", "unchunked");
        var gap = new Option<double>("--gap-target-ms") { Description = "What a step with streams may take.", HelpName = "ms", DefaultValueFactory = _ => 100 };
        gap.Require(value => value is > 0 and <= 1e6, "a number over 0 and at most 1000000");
        var json = CommonOptions.Json();
        var command = new Command("replay", "Replay a trace through the scheduler in virtual time; show throughput, latency and fairness.") { trace, cost, policy, gap, json };
        command.SetAction(result =>
        {
            var options = new ReplayOptions { Policy = PolicyOf(result.GetRequiredValue(policy)), GapTarget = TimeSpan.FromMilliseconds(result.GetValue(gap)) };
            return Run(Terminal.Of(result), result.GetRequiredValue(trace), result.GetRequiredValue(cost), options, result.GetValue(json));
        });
        return command;
    }

    private static SchedulingPolicy PolicyOf(string name) => name switch
    {
        "fcfs" => SchedulingPolicy.FirstComeFirstServed,
        "unchunked" => SchedulingPolicy.Unchunked,
        _ => SchedulingPolicy.Fair,
    };

    private static int Run(Terminal terminal, string trace, string cost, ReplayOptions options, bool json)
    {
        foreach (var file in (string[])[trace, cost])
        {
            if (!File.Exists(file))
                throw new CommandException($"There is no file at {file}.", ExitCode.WrongUsage);
        }

        using var interruption = new Interruption();
        var profile = CostProfileReader.ReadFile(cost);
        Describe(terminal, profile);
        var report = terminal.Progress("Replaying", progress => Replayer.Run(TraceReader.ReadFile(trace), profile, options, progress, interruption.Token));
        if (report.Refused > 0)
            terminal.WriteNote($"{report.Refused} requests do not fit {profile.KvTokens} tokens of KV even alone; they were left out.");
        if (json)
            terminal.WriteJson(report);
        else
            Show(terminal.Results, report);
        return ExitCode.Done;
    }

    private static void Describe(Terminal terminal, CostProfile profile)
    {
        var cost = profile.Coefficients;
        terminal.WriteNote($"A step takes {cost.Step * 1e3:0.##} ms, {cost.DecodeRow * 1e6:0.##} µs a decode row, {cost.PromptToken * 1e6:0.##} µs a prompt token, {cost.ContextToken * 1e6:0.###} µs a token of context; KV for {profile.KvTokens} tokens.");
        if (profile.Fit is { } fit)
            terminal.WriteNote($"Fitted to {fit.Points} measured durations: off by {fit.MeanError:P1} on average, {fit.MaxError:P1} at most.");
    }

    private static void Show(IAnsiConsole console, ReplayReport report)
    {
        console.MarkupLineInterpolated($"{report.Requests} requests of {report.Tenants} tenants in {report.Seconds:0.0} s: {report.TotalTokensPerS:0.0} tokens/s, {report.OutputTokensPerS:0.0} of them output");
        if (report is { ServiceDifference: { } service, AccumulatedDifference: { } accumulated })
            console.MarkupLineInterpolated($"service difference {service.Max:0.0} at most, {service.Mean:0.0} on average; accumulated {accumulated.Max:0} at most, {accumulated.End:0} at the end");
        if (report.TtftS is { } ttft)
            console.MarkupLineInterpolated($"first token after {ttft.Mean:0.00} s on average, p99 {ttft.P99:0.00} s; {report.PrefixHitRate:P1} of the prompt tokens were cached");

        var table = new Table().AddColumns("tenant", "TTFT mean s", "p99 s");
        foreach (var (tenant, times) in report.TtftSByTenant.Where(entry => entry.Value is not null).OrderByDescending(entry => entry.Value!.Mean).Take(TenantsShown))
            table.AddRow(Markup.Escape(tenant.Length == 0 ? "(none)" : tenant), $"{times!.Mean:0.00}", $"{times.P99:0.00}");
        console.Write(table);
    }
}
