using Microsoft.AspNetCore.Builder;
using Penstock.Gateway.Attempts;
using Penstock.Gateway.Hosting;
using Penstock.Ledger;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Stores;
using Penstock.Providers;
using Penstock.Tools.StandIn;

namespace Penstock.ProcessOnce.Tests.Broker;

/// <summary>A gateway with its decisions on disk, in front of a provider that counts its calls.</summary>
internal sealed class DecidingGateway : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly SqliteStore store;
    private readonly UpstreamCatalog upstream;

    private DecidingGateway(WebApplication app, SqliteStore store, UpstreamCatalog upstream, StandInServer provider) =>
        (this.app, this.store, this.upstream, Provider) = (app, store, upstream, provider);

    public StandInServer Provider { get; }

    public string Url => app.Urls.First();

    public static async Task<DecidingGateway> StartAsync(string folder)
    {
        var provider = await StandInServer.StartAsync();
        var target = new TargetOptions { Name = "stand-in", Kind = TargetKind.OpenAi, BaseUrl = provider.BaseUrl, Models = ["mock-*"] };
        var upstream = (await UpstreamCatalog.OpenAsync([target], [], TimeProvider.System)).OrThrow();
        var store = await SqliteStore.OpenAsync(LedgerOptions.InFolder(folder), BudgetTree.Empty, new BudgetOptions(), TimeProvider.System);
        var options = new ServeOptions { Urls = ["http://127.0.0.1:0"], MaxBodyBytes = 16 * 1024 };
        var app = PenstockServer.Build(options, [], store.Ledger, TimeProvider.System, upstream: upstream, decisions: store.Decisions);
        await app.StartAsync();
        return new DecidingGateway(app, store, upstream, provider);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await store.DisposeAsync();
        upstream.Dispose();
        await Provider.DisposeAsync();
    }
}
