using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Models.Fingerprints;
using Penstock.Models.Gguf;

namespace Penstock.Cli.Models;

/// <summary><c>penstock models inspect</c>: what a GGUF file holds.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("file") { Description = "A model in GGUF format." };
        var tensors = new Option<bool>("--tensors") { Description = "List every tensor too." };
        var metadata = new Option<bool>("--metadata") { Description = "List the metadata too." };
        var json = CommonOptions.Json();
        var command = new Command("inspect", "Show what a GGUF file holds: shape, fingerprint, tensors.") { path, tensors, metadata, json };
        command.SetAction(result => Run(Terminal.Of(result), result.GetRequiredValue(path), result.GetValue(tensors), result.GetValue(metadata), result.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string path, bool listTensors, bool listMetadata, bool json)
    {
        using var interruption = new Interruption();
        using var file = GgufFile.Open(path);
        var fingerprint = terminal.Progress("Reading the weights", progress => ModelFingerprint.Compute(file, progress, interruption.Token));
        var inspection = Inspection.Of(file, fingerprint);
        if (json)
        {
            terminal.WriteJson(inspection);
            return ExitCode.Done;
        }

        var view = new InspectionView(terminal.Results, file, inspection);
        view.WriteSummary();
        if (listMetadata)
            view.WriteMetadata();
        if (listTensors)
            view.WriteTensors();
        return ExitCode.Done;
    }
}
