using System.CommandLine;

namespace Penstock.Cli.Bench;

/// <summary><c>penstock bench</c>: measure a server, or this machine.</summary>
public static class BenchCommand
{
    public static Command Create() => new("bench", "Measure any OpenAI-compatible server as its users would feel it.")
    {
        LoadCommand.Create(),
        CancelCommand.Create(),
        KernelsCommand.Create(),
        KernelsCommand.CreateBusy(),
        NeighbourCommand.Create(),
    };
}
