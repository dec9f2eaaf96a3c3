using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Models.Description;
using Penstock.Models.Gguf;

namespace Penstock.Cli.Models;

/// <summary><c>penstock models inspect</c>: what a GGUF file holds.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("file") { Description = "A model in GGUF format." };
        var command = new Command("inspect", "Show what a GGUF file holds.") { path };
        command.SetAction(result => Run(Terminal.Of(result), result.GetRequiredValue(path)));
        return command;
    }

    private static int Run(Terminal terminal, string path)
    {
        using var file = GgufFile.Open(path);
        var model = ModelDescription.From(file);
        terminal.WriteJson(new { model.Architecture, Parameters = model.ParameterCount });
        return ExitCode.Done;
    }
}
