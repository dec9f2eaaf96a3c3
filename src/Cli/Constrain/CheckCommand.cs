using System.CommandLine;
using System.Text.Json;
using Penstock.Cli.Output;
using Penstock.Constraints;
using Penstock.Constraints.Json.Schemas;
using Spectre.Console;

namespace Penstock.Cli.Constrain;

/// <summary><c>penstock constrain check</c>: keyword by keyword, what of a JSON schema is enforced.</summary>
internal static class CheckCommand
{
    // Deeper than what the compiler takes, so that its refusal, which says why, is what one reads; the parser's time grows with the square of it.
    private const int ParsedDepth = 2_000;

    public static Command Create()
    {
        var path = new Argument<string>("file") { Description = "A JSON schema." };
        var json = CommonOptions.Json();
        var command = new Command("check", "Say keyword by keyword what of a JSON schema is enforced, only an annotation, or refused. Exit code 1 when it is refused.") { path, json };
        command.SetAction(result => Run(Terminal.Of(result), result.GetRequiredValue(path), result.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string path, bool json)
    {
        using var document = Read(path);
        var start = TimeProvider.System.GetTimestamp();
        var (outcome, report) = JsonSchemaCompiler.Check(document.RootElement, ConstraintLimits.Default, TimeProvider.System);
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        if (json)
        {
            terminal.WriteJson(new CheckReport(
                outcome.Ok, outcome.Error?.Param, outcome.Error?.Message, elapsed.TotalMicroseconds, outcome.Value?.Root.ShortestLength, [.. report.Uses.Select(CheckReport.Keyword.Of)]));
        }
        else
        {
            Show(terminal.Results, report);
            terminal.WriteLine(outcome.Ok
                ? $"Enforced. The shortest value has {outcome.Value.Root.ShortestLength} bytes; compiled in {elapsed.TotalMilliseconds:0.0} ms."
                : $"Refused: {outcome.Error.Message}");
        }

        return outcome.Ok ? ExitCode.Done : ExitCode.Failed;
    }

    private static JsonDocument Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonDocument.Parse(file, new() { MaxDepth = ParsedDepth });
        }
        catch (JsonException problem)
        {
            throw new CommandException($"{path} is not JSON: {problem.Message}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path} cannot be read: {problem.Message}");
        }
    }

    private static void Show(IAnsiConsole console, KeywordReport report)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("keyword", "treatment", "at", "note");
        foreach (var use in report.Uses)
            table.AddRow(Markup.Escape(use.Keyword), CheckReport.Word(use.Treatment), Markup.Escape(use.Pointer), Markup.Escape(use.Note ?? ""));
        console.Write(table);
    }
}
