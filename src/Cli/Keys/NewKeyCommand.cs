using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using Penstock.Cli.Output;

namespace Penstock.Cli.Keys;

/// <summary><c>penstock keys new</c>: a random key, shown once, and the entry for <c>penstock.yaml</c>.</summary>
internal static class NewKeyCommand
{
    /// <summary>256 bits: more than anybody can guess, so that a fast digest is enough.</summary>
    private const int KeyBytes = 32;

    /// <summary>Lets people and secret scanners see what it is.</summary>
    private const string Prefix = "psk-";

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
        if (id.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_' or '-')))
            throw new CommandException($"{id}: an id has letters, digits, '.', '_' and '-' only.", ExitCode.WrongUsage);

        var key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
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
