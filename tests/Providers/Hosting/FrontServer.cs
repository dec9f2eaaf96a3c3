using System.Text;
using Microsoft.AspNetCore.Builder;
using Penstock.Gateway.Attempts;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;
using Penstock.Routing.Attempts;
using Penstock.Routing.Breakers;
using Penstock.Tools.StandIn;

namespace Penstock.Providers.Tests.Hosting;

/// <summary>The gateway with real sockets on both sides: in front of it a client, behind it one stand-in under two names, <c>primary</c> and <c>spare</c>.</summary>
internal sealed class FrontServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly UpstreamCatalog upstream;
    private readonly TimeProvider time;

    private FrontServer(WebApplication app, UpstreamCatalog upstream, StandInServer standIn, TimeProvider time, RecordingLedger ledger)
    {
        (this.app, this.upstream, StandIn, this.time, Ledger) = (app, upstream, standIn, time, ledger);
        Client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public StandInServer StandIn { get; }

    public HurriedTime Time => (HurriedTime)time;

    public RecordingLedger Ledger { get; }

    public HttpClient Client { get; }

    /// <param name="change">Changes the first target.</param>
    /// <param name="policy">When to try again.</param>
    /// <param name="time">The clock; null = one that hurries through waits before retries, and leaves limits of time to the test.</param>
    /// <param name="breakers">When a target counts as broken.</param>
    /// <param name="changeSpare">Changes the second target.</param>
    /// <param name="transport">How the targets are spoken to.</param>
    /// <param name="routes">Names of their own.</param>
    public static async Task<FrontServer> StartAsync(Func<TargetOptions, TargetOptions>? change = null, RetryPolicy? policy = null, TimeProvider? time = null, BreakerPolicy? breakers = null, Func<TargetOptions, TargetOptions>? changeSpare = null, StandInTransport transport = StandInTransport.Http1, params RouteOptions[] routes)
    {
        var standIn = await StandInServer.StartAsync(transport: transport);
        var authorities = standIn.CertificatePem is { } pem ? new TemporaryFile(pem) : null;
        var primary = new TargetOptions { Name = "primary", Kind = TargetKind.OpenAi, BaseUrl = standIn.BaseUrl, Models = ["mock-*"], CaFile = authorities?.Path, Http2 = transport == StandInTransport.Http2 };
        var spare = primary with { Name = "spare", Models = ["spare-only"] };
        time ??= new HurriedTime(TimeSpan.FromSeconds(10));
        using var read = authorities;
        var upstream = (await UpstreamCatalog.OpenAsync([change?.Invoke(primary) ?? primary, changeSpare?.Invoke(spare) ?? spare], routes, time, policy, breakers)).OrThrow();
        var ledger = new RecordingLedger();
        var app = PenstockServer.Build(new ServeOptions { Urls = ["http://127.0.0.1:0"] }, [], ledger, time, upstream: upstream);
        await app.StartAsync();
        return new FrontServer(app, upstream, standIn, time, ledger);
    }

    public static string Chat(string model, bool stream = false, string more = "") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Say something."}],"stream":{{(stream ? "true" : "false")}}{{more}}}""";

    public Task<HttpResponseMessage> PostAsync(string json, string path = "/v1/chat/completions", CancellationToken cancellationToken = default) => Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") }, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    /// <summary>The whole answer to a chat.</summary>
    public async Task<(int Status, string Body, HttpResponseMessage Response)> AskAsync(string json, string path = "/v1/chat/completions")
    {
        var response = await PostAsync(json, path);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        upstream.Dispose();
        await StandIn.DisposeAsync();
    }
}
