using Penstock.Contracts.Errors;
using Penstock.Providers.Credentials;
using Penstock.Providers.Tests.Hosting;

namespace Penstock.Providers.Tests;

/// <summary>A target's key is changed where it is kept, while requests run.</summary>
public sealed class RotatedKeyTests : IAsyncLifetime
{
    private readonly string file = Path.GetTempFileName();
    private FrontServer front = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(file, "first");
        front = await FrontServer.StartAsync(target => target with { Credential = new(CredentialKind.File, file) });
        front.StandIn.RequiredKey = "first";
    }

    public async ValueTask DisposeAsync()
    {
        await front.DisposeAsync();
        File.Delete(file);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refused_WithAnotherKeyInItsPlace_IsAskedOnceMoreWithThat(bool stream)
    {
        Assert.Equal(200, (await front.AskAsync(FrontServer.Chat("mock-instant", stream))).Status);
        await File.WriteAllTextAsync(file, "second");
        front.StandIn.RequiredKey = "second";

        var (status, answer, _) = await front.AskAsync(FrontServer.Chat("mock-instant", stream));

        Assert.Equal(200, status);
        Assert.DoesNotContain("second", answer);
        Assert.Equal(["Bearer first", "Bearer first", "Bearer second"], front.StandIn.Calls.Select(call => call.Headers["authorization"]));
        Assert.Equal(front.StandIn.Calls[1].Body, front.StandIn.Calls[2].Body);
        await front.Ledger.NextAsync();
        Assert.Single((await front.Ledger.NextAsync()).Attempts);
    }

    [Fact]
    public async Task Refused_WithTheSameKeyInItsPlace_IsNotAskedAgain()
    {
        front.StandIn.RequiredKey = "other";

        Assert.Equal(502, (await front.AskAsync(FrontServer.Chat("mock-instant"))).Status);

        Assert.Single(front.StandIn.Calls);
        Assert.Equal(FaultKind.Credential, (await front.Ledger.NextAsync()).Attempts[0].Fault);
    }

    [Fact]
    public async Task Refused_WithTheFileGone_KeepsTheOldKey()
    {
        File.Delete(file);
        front.StandIn.RequiredKey = "other";
        Assert.Equal(502, (await front.AskAsync(FrontServer.Chat("mock-instant"))).Status);

        front.StandIn.RequiredKey = "first";
        Assert.Equal(200, (await front.AskAsync(FrontServer.Chat("mock-instant"))).Status);
    }
}
