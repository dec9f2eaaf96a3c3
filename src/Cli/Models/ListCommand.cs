using System.CommandLine;
using Penstock.Cli.Output;
using Spectre.Console;

namespace Penstock.Cli.Models;

/// <summary><c>penstock models list</c>: the embedded model, and those in given files and folders.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = "Files, or folders whose .gguf files are listed.", Arity = ArgumentArity.ZeroOrMore };
        var json = CommonOptions.Json();
        var command = new Command("list", "List the embedded model and those in the given files and folders.") { paths, json };
        command.SetAction(result => Run(Terminal.Of(result), result.GetValue(paths) ?? [], result.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string[] paths, bool json)
    {
        if (paths.FirstOrDefault(path => !Path.Exists(path)) is { } missing)
            throw new CommandException($"{missing}: there is no such file or folder. Check the path.");

        var files = paths.SelectMany(ModelFiles);
        var models = (EmbeddedModel.Find() is { } embedded ? files.Prepend(embedded) : files).Select(Path.GetFullPath).Distinct(StringComparer.Ordinal).Select(ModelSummary.Of).ToArray();
        if (json)
            terminal.WriteJson(new { models });
        else if (models.Length == 0)
            terminal.Notes.MarkupLine("No models here. Make one with [bold]penstock models random --parameters 10M --out model.gguf[/], or give a folder.");
        else
            terminal.Results.Write(Table(models));

        // A file that was named must be good; a folder may hold anything.
        return models.FirstOrDefault(model => model.Problem is not null && paths.Any(path => Path.GetFullPath(path) == model.Path)) is { } bad
            ? throw new CommandException($"{bad.Path}: {bad.Problem}. Run \"penstock models inspect\" on it for the remedy.")
            : ExitCode.Done;
    }

    private static IEnumerable<string> ModelFiles(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.gguf").Order(StringComparer.Ordinal) : [path];

    private static Table Table(ModelSummary[] models)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Name", "Architecture");
        foreach (var title in (string[])["Parameters", "Type", "Context", "Size"])
            table.AddColumn(new TableColumn(title).RightAligned());
        table.AddColumn("File");
        foreach (var model in models)
        {
            var file = Path.GetRelativePath(Environment.CurrentDirectory, model.Path);
            if (file.StartsWith("..", StringComparison.Ordinal))
                file = model.Path;
            if (model.Problem is { } problem)
                table.AddRow(new Markup("[red]unusable[/]"), new Text(""), new Text(""), new Text(""), new Text(""), new Text(""), new Text($"{file}: {problem}"));
            else
                table.AddRow([.. Cells(model), new Text(model.Adapter is { } adapter ? $"{file}: LoRA adapter of rank {adapter.Rank}, alpha {adapter.Alpha}" : file)]);
        }

        return table;
    }

    private static IEnumerable<Text> Cells(ModelSummary model) =>
        from cell in (string[])[model.Name!, model.Architecture ?? "", Amount.Count(model.Parameters!.Value), model.Type ?? "", $"{model.ContextLength}", Amount.Bytes(model.Bytes!.Value)]
        select new Text(cell);
}
