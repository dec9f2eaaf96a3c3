using System.CommandLine;
using System.Diagnostics;
using Penstock.Cli.Lab.Constraining;
using Penstock.Cli.Output;
using Spectre.Console;

namespace Penstock.Cli.Lab;

/// <summary><c>penstock lab maskbench</c>: real schemas with valid and invalid instances, token by token, and how long the masks take.</summary>
internal static class MaskbenchCommand
{
    /// <summary>Files before the measured ones, which meet the just-in-time compiler.</summary>
    private const int WarmUpFiles = 150;

    private static readonly TimeSpan BetweenNotes = TimeSpan.FromSeconds(15);

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "A .tar.gz or folder of JSON files, each {schema, tests: [{valid, data}]}.", Required = true, HelpName = "file" };
        var vocabulary = new Option<string>("--vocab") { Description = "GGUF file with the vocabulary; weights are not read.", Required = true, HelpName = "gguf" };
        var style = new Option<InstanceStyle>("--style") { Description = "How instances are written: spaced as Python's json.dumps does, compact, or indented.", DefaultValueFactory = _ => InstanceStyle.Spaced };
        var limit = new Option<int?>("--limit") { Description = "Run so many files, spread over the whole.", HelpName = "n" };
        limit.Require(value => value is null or >= 1, "at least 1");
        var fileTime = new Option<double>("--file-timeout") { Description = "Seconds after which a file is given up.", DefaultValueFactory = _ => 10, HelpName = "s" };
        fileTime.Require(value => value is > 0 and <= 3600, "a number over 0 and at most 3600");
        var failures = new Option<string?>("--failures") { Description = "Write what did not come out right here, one JSON object a line.", HelpName = "file" };
        var json = CommonOptions.Json();
        var command = new Command("maskbench", "Enforce real schemas on valid and invalid instances; count what comes out right and time the masks.") { data, vocabulary, style, limit, fileTime, failures, json };
        command.SetAction(result =>
        {
            var terminal = Terminal.Of(result);
            using var interruption = new Interruption();
            using var list = new FailureList(result.GetValue(failures));
            var files = Spread(MaskbenchFiles.Read(result.GetRequiredValue(data)), result.GetValue(limit));
            var run = new MaskbenchRun(Vocabulary.Read(result.GetRequiredValue(vocabulary)), result.GetValue(style), TimeSpan.FromSeconds(result.GetValue(fileTime)), list);
            var report = Run(terminal, run, files, interruption.Token);
            if (result.GetValue(json))
                terminal.WriteJson(report);
            else
                Show(terminal.Results, report);
            return report.InvalidationErrors + report.Crashes > 0 ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static MaskbenchReport Run(Terminal terminal, MaskbenchRun run, IReadOnlyList<(string Name, byte[] Json)> files, CancellationToken cancellationToken)
    {
        run.WarmUp(Spread(files, WarmUpFiles));
        var noted = Stopwatch.GetTimestamp();
        for (var i = 0; i < files.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            run.Run(files[i].Name, files[i].Json);
            if (Stopwatch.GetElapsedTime(noted) < BetweenNotes)
                continue;

            noted = Stopwatch.GetTimestamp();
            var sofar = run.Report();
            terminal.WriteNote($"{sofar.Files} of {files.Count}: {sofar.Pass} pass, {sofar.CompileErrors} compile, {sofar.ValidationErrors} validation, {sofar.InvalidationErrors} invalidation errors; masks µs {sofar.MaskUs}");
        }

        return run.Report();
    }

    private static IReadOnlyList<(string Name, byte[] Json)> Spread(IReadOnlyList<(string Name, byte[] Json)> files, int? limit) =>
        limit is { } n && n < files.Count ? [.. Enumerable.Range(0, n).Select(i => files[(int)((long)i * files.Count / n)])] : files;

    private static void Show(IAnsiConsole console, MaskbenchReport report)
    {
        console.MarkupLineInterpolated($"[bold]{report.Pass}[/] of [bold]{report.Files}[/] files pass ({(double)report.Pass / report.Files:P1})");
        console.MarkupLineInterpolated($"{report.CompileErrors} compile errors, {report.ValidationErrors} validation errors, {report.InvalidationErrors} invalidation errors, {report.Timeouts} time-outs, {report.Crashes} crashes");
        console.MarkupLineInterpolated($"mask µs over {report.Masks} tokens: {report.MaskUs}");
        console.MarkupLineInterpolated($"accept µs: {report.AcceptUs}");
        console.MarkupLineInterpolated($"compile ms: {report.CompileMs}");
        console.MarkupLineInterpolated($"file ms: {report.FileMs}; slowest: {report.SlowestFile}");
    }
}
