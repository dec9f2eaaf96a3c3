using System.CommandLine;
using Penstock.Cli.Lab.Constraining;
using Penstock.Cli.Output;
using Spectre.Console;

namespace Penstock.Cli.Lab;

/// <summary><c>penstock lab schema-suite</c>: JSON-Schema-Test-Suite, token by token.</summary>
internal static class SchemaSuiteCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "A checkout of JSON-Schema-Test-Suite, or its draft's folder; all folders below count, and remotes beside it are what references may lead to.", Required = true, HelpName = "dir" };
        var vocabulary = new Option<string>("--vocab") { Description = "GGUF file with the vocabulary; weights are not read.", Required = true, HelpName = "gguf" };
        var style = new Option<InstanceStyle>("--style") { Description = "How instances are written: spaced as Python's json.dumps does, compact, or indented.", DefaultValueFactory = _ => InstanceStyle.Spaced };
        var groupTime = new Option<double>("--group-timeout") { Description = "Seconds after which the instances of a schema are given up.", DefaultValueFactory = _ => 10, HelpName = "s" };
        groupTime.Require(value => value is > 0 and <= 3600, "a number over 0 and at most 3600");
        var failures = new Option<string?>("--failures") { Description = "Write what did not come out right here, one JSON object a line.", HelpName = "file" };
        var json = CommonOptions.Json();
        var command = new Command("schema-suite", "Enforce the schemas of JSON-Schema-Test-Suite on its instances; count what comes out right.") { data, vocabulary, style, groupTime, failures, json };
        command.SetAction(result =>
        {
            var terminal = Terminal.Of(result);
            using var interruption = new Interruption();
            using var list = new FailureList(result.GetValue(failures));
            var suite = SchemaSuiteFiles.Read(result.GetRequiredValue(data));
            var run = new SchemaSuiteRun(Vocabulary.Read(result.GetRequiredValue(vocabulary)), result.GetValue(style), TimeSpan.FromSeconds(result.GetValue(groupTime)), list);
            var report = run.Run(suite, interruption.Token);
            if (result.GetValue(json))
                terminal.WriteJson(report);
            else
                Show(terminal.Results, report);
            return report.FalseAccepts + report.Crashes > 0 ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static void Show(IAnsiConsole console, SchemaSuiteReport report)
    {
        console.MarkupLineInterpolated($"[bold]{report.Right}[/] of [bold]{report.Tests}[/] tests right; {report.FalseAccepts} false accepts, {report.FalseRejects} false rejects, {report.Refused} with a schema that is refused, {report.Crashes} crashes");
        console.MarkupLineInterpolated($"compile ms: {report.CompileMs}");
        var table = new Table().AddColumns("folder", "tests", "right", "false accepts", "false rejects", "refused");
        foreach (var (folder, counts) in report.Folders)
            table.AddRow(Markup.Escape(folder), $"{counts.Tests}", $"{counts.Right}", $"{counts.FalseAccepts}", $"{counts.FalseRejects}", $"{counts.Refused}");
        console.Write(table);
    }
}
