using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Gateway.Administration;
using Penstock.Gateway.Attempts;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Settings;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Prices;
using Penstock.Ledger.Stores;
using Penstock.Tools.StandIn;

namespace Penstock.Providers.Tests.Settings;

/// <summary>
/// The gateway whose settings change between two, <c>even</c> and <c>odd</c>: each has a key, a target at an address, a price and a limit of its own, so that a request
/// which had half of each would show it.
/// </summary>
internal sealed class ReloadingFront : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("penstock-reload-");
    private readonly Dictionary<string, StandInServer> standIns = new(StringComparer.Ordinal);
    private WebApplication app = null!;
    private UpstreamCatalog upstream = null!;

    public SqliteStore Store { get; private set; } = null!;

    public ScriptedSettings Settings { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    public SettingsReloader Reloader => app.Services.GetRequiredService<SettingsReloader>();

    /// <summary>Asks the administration; a body is sent as JSON.</summary>
    public async Task<(int Status, JsonElement Answer, string? Tag)> AdminAsync(string method, string path, string? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(app.Services.GetRequiredService<AdminListener>().Address!, $"/admin/v1/{path}"));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("if-match", ifMatch);
        }

        request.Headers.Add("penstock-actor", "ada");
        using var response = await Client.SendAsync(request);
        return ((int)response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()), response.Headers.ETag?.Tag);
    }

    public LiveSettings Live => app.Services.GetRequiredService<LiveSettings>();

    public StandInServer StandIn(string name) => standIns[name];

    public static decimal PriceOf(string name) => name == "even" ? 2 : 3;

    public static async Task<ReloadingFront> StartAsync(string first)
    {
        var front = new ReloadingFront();
        foreach (var name in (string[])["even", "odd"])
        {
            front.standIns.Add(name, await StandInServer.StartAsync());
        }

        var options = front.Options(first);
        front.Store = await SqliteStore.OpenAsync(LedgerOptions.InFolder(front.folder.FullName), options.BudgetTree, new BudgetOptions(), TimeProvider.System);
        front.upstream = (await UpstreamCatalog.OpenAsync(options.Targets, options.Routes, TimeProvider.System)).OrThrow();
        front.app = PenstockServer.Build(options, [], front.Store.Ledger, TimeProvider.System, front.Store.Budgets, front.upstream, front.Settings, front.Store.Administration);
        await front.app.StartAsync();
        front.Client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = new Uri(front.app.Urls.First()) };
        return front;
    }

    public ServeOptions Options(string name) => new()
    {
        Urls = ["http://127.0.0.1:0"],
        Admin = new AdminOptions("http://127.0.0.1:0", null),
        Tenants = [new TenantOptions("acme") { Limits = [new(BudgetWindow.Month, BudgetUnit.Tokens, name == "even" ? 10_000_000 : 20_000_000)] }],
        ApiKeys = [new ApiKey(name, "acme", SHA256.HashData(Encoding.UTF8.GetBytes(name)))],
        Targets = [new TargetOptions { Name = name, Kind = TargetKind.OpenAi, BaseUrl = standIns[name].BaseUrl, Models = ["mock-*"] }],
        Prices = new PriceBook([new PriceEntry("*", null, DateTimeOffset.MinValue, new(null, null, null, null, PriceOf(name)))]),
    };

    public Task<HttpResponseMessage> PostAsync(string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"mock-instant","stream":true,"messages":[{"role":"user","content":"Say something."}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", key);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public LedgerReader Read() => LedgerReader.Open(Store.Place);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        upstream.Dispose();
        await Store.DisposeAsync();
        foreach (var standIn in standIns.Values)
        {
            await standIn.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }
}
