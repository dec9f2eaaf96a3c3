using System.CommandLine;

namespace Penstock.Cli.Front;

/// <summary><c>penstock front</c>: the models that are served elsewhere.</summary>
public static class FrontCommand
{
    public static Command Create() => new("front", "Look after the providers that a server asks.")
    {
        CheckCommand.Create(),
    };
}
