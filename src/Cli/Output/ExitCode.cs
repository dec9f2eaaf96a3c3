namespace Penstock.Cli.Output;

/// <summary>What <c>penstock</c> tells the shell.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>A check failed, or the work could not be done.</summary>
    public const int Failed = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int WrongUsage = 2;

    /// <summary>Stopped by Ctrl+C: 128 + SIGINT, as shells count.</summary>
    public const int Interrupted = 130;
}
