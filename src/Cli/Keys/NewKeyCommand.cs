using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Gateway.Tenancy;

namespace Penstock.Cli.Keys;

/// <summary><c>penstock keys new</c>: a random key, shown once, and the entry for <c>penstock.yaml</c>.</summary>
internal static class NewKeyCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "The key's public name, which goes into records: letters, digits, '.', '_' and '-'." };
        var json = CommonOptions.Json();
        var command = new Command("new", "Make a random key. It is shown once; the server's configuration gets its digest.") { id, json };
        command.SetAction(result => Run(Terminal.Of(result), result.GetRequiredValue(id), result.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string id, bool json)
    {
        if (!ApiKeySecret.IsId(id))
            throw new CommandException($"{id}: an id has letters, digits, '.', '_' and '-' only.", ExitCode.WrongUsage);

        var key = ApiKeySecret.New();
        var digest = KeyDigest.Of(key);
        if (json)
        {
            terminal.WriteJson(new { id, key, sha256 = digest });
            return ExitCode.Done;
        }

        terminal.WriteLine(key);
        terminal.WriteNote("That is the key; it is not kept anywhere. For the tenant's keys in penstock.yaml:");
        terminal.WriteNote($"  - {{ id: {id}, sha256: \"{digest}\" }}");
        return ExitCode.Done;
    }
}
