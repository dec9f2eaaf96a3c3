using System.CommandLine;

namespace Penstock.Cli.Engine;

/// <summary><c>penstock engine</c>: look into a running server's engines, and change their adapters.</summary>
public static class EngineCommand
{
    public static Command Create() => new("engine", "Look into the engines of a running server.") { StatusCommand.Create(), AdaptersCommand.Create() };
}
