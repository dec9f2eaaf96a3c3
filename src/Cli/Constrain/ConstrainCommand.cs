using System.CommandLine;

namespace Penstock.Cli.Constrain;

/// <summary><c>penstock constrain</c>: what of a constraint can be kept.</summary>
public static class ConstrainCommand
{
    public static Command Create() => new("constrain", "See what of a constraint on the output is enforced.")
    {
        CheckCommand.Create(),
    };
}
