using System.CommandLine;

namespace Penstock.Cli.Keys;

/// <summary><c>penstock keys</c>: API keys. Making a key and its digest needs no server; the other verbs ask a running gateway.</summary>
public static class KeysCommand
{
    public static Command Create()
    {
        var command = new Command("keys", "Make API keys and their digests, and look after the keys of a running gateway.") { NewKeyCommand.Create(), HashCommand.Create() };
        foreach (var verb in HeldKeysCommands.Create())
            command.Subcommands.Add(verb);
        return command;
    }
}
