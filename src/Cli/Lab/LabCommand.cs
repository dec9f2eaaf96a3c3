using System.CommandLine;

namespace Penstock.Cli.Lab;

/// <summary><c>penstock lab</c>: is the model what it promises to be, and is what constrains it?</summary>
public static class LabCommand
{
    public static Command Create() => new("lab", "Put a model's promises to the test.")
    {
        DeterminismCommand.Create(),
        MaskbenchCommand.Create(),
        SchemaSuiteCommand.Create(),
    };
}
