using System.CommandLine;

namespace Penstock.Cli.Models;

/// <summary><c>penstock models</c>: look at model files and make them.</summary>
public static class ModelsCommand
{
    public static Command Create() => new("models", "List, inspect, make and quantize model files (GGUF).")
    {
        ListCommand.Create(),
        InspectCommand.Create(),
        RandomCommand.Create(),
        QuantizeCommand.Create(),
    };
}
