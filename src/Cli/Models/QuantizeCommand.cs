using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Cli.Models;

/// <summary><c>penstock models quantize</c>: a model with its matrices in a smaller type.</summary>
internal static class QuantizeCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("in.gguf") { Description = "The model to read, best in F32, F16 or BF16." };
        var target = new Argument<string>("out.gguf") { Description = "The file to write; replaced if it exists. Until it is whole it is called out.gguf.partial." };
        var type = new Argument<QuantizationMix>("type")
        {
            Description = $"How the matrices will be stored: {string.Join(", ", QuantizationMixes.All)}.",
            CustomParser = TypeArgument.Mix,
            HelpName = "type",
        };
        var importance = new Option<string?>("--imatrix") { Description = "Importance matrix, a .gguf file of llama-imatrix: errors count where activations are large.", HelpName = "file" };
        var again = new Option<bool>("--allow-requantize") { Description = "Take a model that is quantized already; its error adds to the new one." };
        var command = new Command("quantize", "Write a model with its matrices in a smaller type.") { source, target, type, importance, again };
        command.SetAction(result => Run(
            Terminal.Of(result),
            result.GetRequiredValue(source),
            result.GetRequiredValue(target),
            new QuantizationOptions
            {
                Mix = result.GetRequiredValue(type),
                Importance = result.GetValue(importance) is { } path ? ImportanceMatrix.Read(path) : null,
                AllowRequantize = result.GetValue(again),
            }));
        return command;
    }

    private static int Run(Terminal terminal, string source, string target, QuantizationOptions options)
    {
        if (RealPath(source) == RealPath(target))
            throw new CommandException($"{target} is the file to read. Name another file to write.", ExitCode.WrongUsage);

        using var interruption = new Interruption();
        using var file = GgufFile.Open(source);
        if (file.Tensors.Count == 0)
            throw new CommandException($"{source}: the file has no tensors. Give a whole model.");

        var report = terminal.Progress(
            $"Quantizing {Path.GetFileName(source)} to {options.Mix}", progress => ModelQuantizer.Quantize(file, target, options, progress, interruption.Token));
        if (report.Unfit.Count > 0)
            terminal.WriteNote($"{report.Unfit.Count} matrices got a type with smaller blocks, or F16, since their rows are not whole blocks of {options.Mix.BaseType().BlockElements()} values: {report.Unfit[0]}, ...");
        terminal.WriteLine(
            $"{target}: {report.Converted} tensors converted, {Amount.Bytes(report.SourceBytes)} to {Amount.Bytes(report.TargetBytes)} ({100.0 * report.TargetBytes / report.SourceBytes:0} %)");
        return ExitCode.Done;
    }

    private static string RealPath(string path) =>
        (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? Path.GetFullPath(path);
}
