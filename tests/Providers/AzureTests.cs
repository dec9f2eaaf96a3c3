using Penstock.Contracts.Records;
using Penstock.Providers.Credentials;
using Penstock.Providers.Tests.Hosting;

namespace Penstock.Providers.Tests;

/// <summary>A target as Azure wants it: its own header for the key, and a version behind every address.</summary>
public sealed class AzureTests
{
    [Fact]
    public async Task Call_WithHeaderAndQuery_HasBothAndNoOther()
    {
        var keyFile = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(keyFile, "azure-key", TestContext.Current.CancellationToken);
            await using var front = await FrontServer.StartAsync(target => target with
            {
                Auth = TargetAuth.ApiKey,
                Query = [new("api-version", "2024-10-21"), new("a b", "c&d")],
                Credential = new CredentialSource(CredentialKind.File, keyFile),
            });

            var (status, _, _) = await front.AskAsync(FrontServer.Chat("mock-azure", stream: true));

            Assert.Equal(200, status);
            var call = front.StandIn.Calls[^1];
            Assert.Equal("/v1/chat/completions?api-version=2024-10-21&a%20b=c%26d", call.Path);
            Assert.Equal("azure-key", call.Headers["api-key"]);
            Assert.False(call.Headers.ContainsKey("authorization"));
            Assert.Equal(FinishReason.Stop, (await front.Ledger.NextAsync()).FinishReason);
        }
        finally
        {
            File.Delete(keyFile);
        }
    }
}
