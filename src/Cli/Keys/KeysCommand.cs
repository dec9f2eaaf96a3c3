using System.CommandLine;

namespace Penstock.Cli.Keys;

/// <summary><c>penstock keys</c>: API keys and their digests. A server knows digests only, so nothing here needs one.</summary>
public static class KeysCommand
{
    public static Command Create() => new("keys", "Make API keys, and the digests that a server knows them by.") { NewKeyCommand.Create(), HashCommand.Create() };
}
