using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Penstock.Cli.Output;

/// <summary>Says what is wrong with a command line and where its usage is explained.</summary>
internal static partial class UsageErrors
{
    /// <summary>What was given with an empty value, as an unset variable of the shell gives it; null when nothing was.</summary>
    public static string? Empty(ParseResult result)
    {
        for (var at = result.CommandResult; at is not null; at = at.Parent as CommandResult)
        {
            foreach (var child in at.Children)
            {
                if (child.Tokens.Any(token => token.Value.Length == 0))
                    return (child as OptionResult)?.Option.Name ?? (child as ArgumentResult)?.Argument.Name;
            }
        }

        return null;
    }

    /// <summary>One fault that the parser does not see.</summary>
    public static void Write(ParseResult result, string fault, TextWriter error)
    {
        Terminal.WriteError(error, fault);
        error.WriteLine($"Run \"{Path(result)} --help\" for the usage.");
    }

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
                Terminal.WriteError(error, InWords(fault.Message));
        }

        error.WriteLine($"Run \"{Path(result)} --help\" for the usage.");
    }

    // The parser names .NET types where a value cannot be read.
    private static string InWords(string message) => WrongType().Match(message) is { Success: true } match
        ? $"{match.Groups["name"].Value}: \"{match.Groups["value"].Value}\" is not {(match.Groups["type"].Value is "Double" or "Single" or "Decimal" ? "a number" : "a whole number in range")}."
        : message;

    [GeneratedRegex(@"^Cannot parse argument '(?<value>.*)' for (option|command|argument) '(?<name>[^']*)' as expected type '.*?(?<type>\w+)\W*'\.?$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex WrongType();

    private static string Path(ParseResult result)
    {
        var names = new Stack<string>();
        for (var at = result.CommandResult; at is not null; at = at.Parent as CommandResult)
            names.Push(at.Command is RootCommand ? "penstock" : at.Command.Name);
        return string.Join(' ', names);
    }
}
