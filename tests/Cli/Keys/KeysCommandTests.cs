using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Penstock.Cli.Output;

namespace Penstock.Cli.Tests.Keys;

public sealed class KeysCommandTests
{
    [Fact]
    public async Task New_Json_IsARandomKeyAndItsDigest()
    {
        var first = await KeyAsync();
        var second = await KeyAsync();

        Assert.NotEqual(first.Key, second.Key);
        Assert.StartsWith("psk-", first.Key, StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(first.Key))), first.Digest);
    }

    [Fact]
    public async Task New_ForPeople_PrintsTheKeyAloneAndTheEntryAside()
    {
        var run = await CommandLine.RunAsync("keys", "new", "acme-1");

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Single(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"{{ id: acme-1, sha256: \"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(run.Output.Trim())))}\" }}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_WithAnIdThatIsNone_IsWrongUsage() => Assert.Equal(ExitCode.WrongUsage, (await CommandLine.RunAsync("keys", "new", "a b")).ExitCode);

    private static async Task<(string Key, string Digest)> KeyAsync()
    {
        var run = await CommandLine.RunAsync("keys", "new", "acme-1", "--json");
        var json = JsonElement.Parse(run.Output);
        return (json.GetProperty("key").GetString()!, json.GetProperty("sha256").GetString()!);
    }
}
