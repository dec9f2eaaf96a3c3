using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Gateway.Configuration;
using Penstock.Providers;
using Penstock.Providers.Probing;
using Penstock.Routing.Selection;
using Spectre.Console;

namespace Penstock.Cli.Front;

/// <summary><c>penstock front check</c>: tries every configured target and says what of it works.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The penstock.yaml whose targets are tried.", HelpName = "penstock.yaml", Required = true };
        var seconds = new Option<int>("--timeout-seconds") { Description = "How long each request may take.", HelpName = "seconds", DefaultValueFactory = _ => 30 };
        seconds.Require(value => value >= 1, "1 or more");
        var json = CommonOptions.Json();
        var command = new Command("check", "Try every target with the smallest requests there are, and say what works. Exit code 1 when one does not.") { config, seconds, json };
        command.SetAction((result, cancellationToken) => RunAsync(
            Terminal.Of(result), result.GetRequiredValue(config), TimeSpan.FromSeconds(result.GetValue(seconds)), result.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string path, TimeSpan limit, bool json, CancellationToken cancellationToken)
    {
        var targets = Read(path);
        var checks = await Task.WhenAll(targets.Select(target => CheckAsync(target, limit, cancellationToken)));
        if (json)
            terminal.WriteJson(new CheckReport(checks));
        else
            Show(terminal.Results, checks);

        return checks.All(check => check.Ok) ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<CheckReport.Target> CheckAsync(TargetOptions target, TimeSpan limit, CancellationToken cancellationToken)
    {
        var opened = await Provider.OpenAsync(target, TimeProvider.System, cancellationToken);
        if (!opened.Ok)
            return new(target.Name, false, [], null, opened.Error.Message);

        using var provider = opened.Value;
        var patterns = target.Models.Select(model => new ModelPattern(model)).ToArray();
        var result = await ProviderProbe.RunAsync(provider, name => patterns.Any(pattern => pattern.Matches(name)), limit, TimeProvider.System, cancellationToken);
        return new(target.Name, result.Ok, result.Surfaces, result.Model, result.Problem);
    }

    private static IReadOnlyList<TargetOptions> Read(string path)
    {
        var faults = new List<OptionFault>();
        var targets = ConfigFile.Parse(ReadText(path), faults).Targets;
        if (faults.Count > 0)
            throw new CommandException(string.Join($"{Environment.NewLine}error: ", faults), ExitCode.WrongUsage);

        return targets.Count > 0 ? targets : throw new CommandException($"{path} has no targets. Add some, or serve models of your own without them.", ExitCode.WrongUsage);
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--config {path} cannot be read: {exception.Message}", ExitCode.WrongUsage);
        }
    }

    private static void Show(IAnsiConsole console, IReadOnlyList<CheckReport.Target> checks)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("target", "works", "model", "problem");
        foreach (var check in checks)
            table.AddRow(Markup.Escape(check.Name), check.Surfaces.Count == 0 ? "nothing" : string.Join(", ", check.Surfaces), Markup.Escape(check.Model ?? ""), Markup.Escape(check.Problem ?? ""));
        console.Write(table);
    }
}
