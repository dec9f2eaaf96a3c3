using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Attempts;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Settings;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests;

/// <summary>The warm-up tells what is wrong with a model, and nothing else.</summary>
public sealed class WarmUpTests
{
    private static readonly PenstockError Gone = new(ErrorCode.Unavailable, "The server is shutting down.");

    private readonly ScriptedTarget target = new(TimeProvider.System) { OnStart = generation => generation.End() };
    private readonly ApplicationLifetime lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly LogOf<WarmUp> log = new();

    [Fact]
    public async Task Start_AddressInUse_AsksNoModel()
    {
        await using var first = await TestServer.StartAsync();
        await using var second = PenstockServer.Build(
            new ServeOptions { Urls = [first.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)] }, [new ServedModel(target, null)], new MemoryLedger(), TimeProvider.System);

        await Assert.ThrowsAsync<IOException>(() => second.StartAsync());

        Assert.Equal(0, target.Prepared);
    }

    [Fact]
    public async Task WarmUp_ModelThatCannotAnswer_IsToldOnce()
    {
        target.Refusal = Gone;

        await RunAsync();

        Assert.Contains("scripted", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WarmUp_ServerThatStopsMeanwhile_TellsNoFailure()
    {
        target.OnStart = generation =>
        {
            lifetime.StopApplication();
            generation.Fail(Gone);
        };

        await RunAsync();

        Assert.Equal(1, target.Prepared);
        Assert.Empty(log.Lines);
    }

    private async Task RunAsync()
    {
        using var settings = new LiveSettings(new GatewaySettings(new ServeOptions(), [new ServedModel(target, null)], UpstreamCatalog.Empty));
        using var drain = new DrainSignal(TimeSpan.FromSeconds(1), TimeProvider.System, NullLogger<DrainSignal>.Instance);
        using var warmUp = new WarmUp(settings, new Readiness(settings, drain), lifetime, log);
        lifetime.NotifyStarted();
        await warmUp.StartAsync(TestContext.Current.CancellationToken);
        await warmUp.ExecuteTask!;
    }
}
