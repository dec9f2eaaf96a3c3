namespace Penstock.Cli.Output;

/// <summary>Ends a command with one line for people: what is wrong and the remedy.</summary>
public sealed class CommandException(string message, int exitCode = ExitCode.Failed) : Exception(message)
{
    /// <summary>An <see cref="Output.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
