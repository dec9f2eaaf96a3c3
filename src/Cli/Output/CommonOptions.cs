using System.CommandLine;

namespace Penstock.Cli.Output;

/// <summary>Options that mean the same in every command.</summary>
public static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object on standard output." };
}
