using System.Text;
using Microsoft.AspNetCore.Builder;
using Penstock.Gateway.Attempts;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Prices;
using Penstock.Routing.Attempts;
using Penstock.Tools.StandIn;

namespace Penstock.Providers.Tests.Tenancy;

/// <summary>The gateway over the stand-in, with limits and prices and a ledger on disk. Without keys: everybody is the tenant <c>local</c>.</summary>
internal sealed class BudgetedFront : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly WebApplication app;
    private readonly UpstreamCatalog upstream;
    private readonly SqliteLedger ledger;

    private BudgetedFront(DirectoryInfo folder, WebApplication app, UpstreamCatalog upstream, StandInServer standIn, SqliteLedger ledger, SqliteBudgetStore budgets)
    {
        (this.folder, this.app, this.upstream, this.ledger) = (folder, app, upstream, ledger);
        (StandIn, Budgets) = (standIn, budgets);
        Client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public StandInServer StandIn { get; }

    public SqliteBudgetStore Budgets { get; }

    public HttpClient Client { get; }

    public static async Task<BudgetedFront> StartAsync(BudgetLimit limit, PriceBook prices, RetryPolicy? policy = null)
    {
        var folder = Directory.CreateTempSubdirectory("penstock-front-");
        var standIn = await StandInServer.StartAsync();
        var target = new TargetOptions { Name = "primary", Kind = TargetKind.OpenAi, BaseUrl = standIn.BaseUrl, Models = ["mock-*"] };
        var upstream = (await UpstreamCatalog.OpenAsync([target], [new RouteOptions("alias", ["primary/mock-instant"])], TimeProvider.System, policy)).OrThrow();
        var options = new ServeOptions { Urls = ["http://127.0.0.1:0"], Tenants = [new TenantOptions("local") { Limits = [limit] }], Prices = prices };
        var ledger = await SqliteLedger.OpenAsync(LedgerOptions.InFolder(folder.FullName), TimeProvider.System);
        var budgets = await SqliteBudgetStore.OpenAsync(ledger, options.BudgetTree, new BudgetOptions(), TimeProvider.System);
        var app = PenstockServer.Build(options, [], ledger, TimeProvider.System, budgets, upstream);
        await app.StartAsync();
        return new BudgetedFront(folder, app, upstream, standIn, ledger, budgets);
    }

    public Task<HttpResponseMessage> PostAsync(string json, CancellationToken cancellationToken = default) => Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(json, Encoding.UTF8, "application/json") },
        HttpCompletionOption.ResponseHeadersRead,
        cancellationToken);

    /// <summary>Opens what has been written so far.</summary>
    public LedgerReader Read() => LedgerReader.Open(ledger.File);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        await Budgets.DisposeAsync();
        await ledger.DisposeAsync();
        upstream.Dispose();
        await StandIn.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
