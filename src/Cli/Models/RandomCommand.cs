using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;
using Penstock.Models.Random;

namespace Penstock.Cli.Models;

/// <summary><c>penstock models random</c>: a loadable model with random weights, for tests and benchmarks.</summary>
internal static class RandomCommand
{
    public static Command Create()
    {
        var architecture = new Option<string>("--architecture") { Description = "The model's architecture.", DefaultValueFactory = _ => "llama" };
        architecture.AcceptOnlyFromAmong([.. RandomModelOptions.Architectures]);
        var experts = new Option<int>("--experts") { Description = "Experts of each layer: 8 makes a llama model like Mixtral. 0: none, or 32 in qwen3moe.", DefaultValueFactory = _ => 0 };
        experts.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or 1 or > 512)
                result.AddError("--experts must be 0 or 2 to 512.");
        });
        var parameters = new Option<long>("--parameters") { Description = "About how many parameters, such as 250M or 1.5B.", Required = true, CustomParser = ParameterCount.Parse };
        var type = new Option<(TensorType Type, QuantizationMix? Mix)>("--type")
        {
            Description = $"How the matrices are stored: {string.Join(", ", TypeArgument.TypesAndMixes)}.",
            DefaultValueFactory = _ => (TensorType.Q8_0, null),
            CustomParser = TypeArgument.TypeOrMix,
            HelpName = "type",
        };
        var target = new Option<string>("--out") { Description = "The file to write; replaced if it exists. Until it is whole it is called file.partial.", Required = true, HelpName = "file" };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same file.", DefaultValueFactory = _ => 1 };
        var command = new Command("random", "Write a loadable model with random weights, for tests and benchmarks.") { architecture, experts, parameters, type, target, seed };
        command.SetAction(result => Run(
            Terminal.Of(result), result.GetRequiredValue(target), result.GetRequiredValue(architecture), result.GetValue(experts), result.GetRequiredValue(parameters), result.GetRequiredValue(type), result.GetValue(seed)));
        return command;
    }

    private static int Run(Terminal terminal, string target, string architecture, int experts, long parameters, (TensorType Type, QuantizationMix? Mix) type, ulong seed)
    {
        using var interruption = new Interruption();
        var options = RandomModelOptions.OfSize(parameters, architecture, experts) with { Name = Path.GetFileNameWithoutExtension(target), Type = type.Type, Mix = type.Mix, Seed = seed };
        terminal.Progress($"Writing {Path.GetFileName(target)}", progress =>
        {
            RandomModel.Write(target, options, progress, interruption.Token);
            return target;
        });
        terminal.WriteLine(
            $"{target}: {Amount.Count(options.ParameterCount)} parameters in {type.Mix?.ToString() ?? type.Type.Name()}, {options.LayerCount} layers of width {options.EmbeddingWidth}, {Amount.Bytes(new FileInfo(target).Length)}");
        return ExitCode.Done;
    }
}
