using System.CommandLine;

namespace Penstock.Cli.Plan;

/// <summary><c>penstock plan</c>: what would happen, without the machine.</summary>
public static class PlanCommand
{
    public static Command Create() => new("plan", "Find out in virtual time what a schedule gives.")
    {
        ReplayCommand.Create(),
    };
}
