using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Penstock.Cli.Output;

/// <summary>Says what is wrong with a command line and where its usage is explained.</summary>
internal static class UsageErrors
{
    public static void Write(ParseResult result, TextWriter error)
    {
        var command = result.CommandResult.Command;
        if (command.Subcommands.Count > 0 && result.UnmatchedTokens.Count == 0)
        {
            // "penstock models" alone is a question, not a mistake.
            result.InvocationConfiguration.Output = error;
            new HelpAction().Invoke(result);
            return;
        }

        var unknown = command.Subcommands.Count > 0 ? result.UnmatchedTokens[0] : null;
        if (unknown is not null)
        {
            Terminal.WriteError(error, $"There is no command \"{Path(result)} {unknown}\"; there are {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}.");
        }
        else
        {
            foreach (var fault in result.Errors)
                Terminal.WriteError(error, fault.Message);
        }

        error.WriteLine($"Run \"{Path(result)} --help\" for the usage.");
    }

    private static string Path(ParseResult result)
    {
        var names = new Stack<string>();
        for (var at = result.CommandResult; at is not null; at = at.Parent as CommandResult)
            names.Push(at.Command is RootCommand ? "penstock" : at.Command.Name);
        return string.Join(' ', names);
    }
}
