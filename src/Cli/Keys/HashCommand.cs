using System.CommandLine;
using Penstock.Cli.Output;

namespace Penstock.Cli.Keys;

/// <summary><c>penstock keys hash</c>: the digest of a key that is there already. Read from standard input, where no process list and no shell history shows it.</summary>
internal static class HashCommand
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        var command = new Command("hash", "Print the digest of a key, read from standard input.") { json };
        command.SetAction(async (result, cancellationToken) => Run(Terminal.Of(result), await Console.In.ReadLineAsync(cancellationToken), result.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string? key, bool json)
    {
        if (string.IsNullOrWhiteSpace(key))
            throw new CommandException("There is no key on standard input. Write: printf %s \"$KEY\" | penstock keys hash", ExitCode.WrongUsage);

        var digest = KeyDigest.Of(key.Trim());
        if (json)
            terminal.WriteJson(new { sha256 = digest });
        else
            terminal.WriteLine(digest);
        return ExitCode.Done;
    }
}
