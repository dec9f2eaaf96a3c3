using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Gateway.Administration;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Idempotency;
using Penstock.Ledger.Decisions;

namespace Penstock.Gateway.Tests.Fakes;

/// <summary>The real gateway on a random loopback port over a scripted target and a ledger in memory.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Departures departures;

    private TestServer(WebApplication app, ScriptedTarget target, MemoryLedger ledger, Departures departures)
    {
        this.app = app;
        this.departures = departures;
        Target = target;
        Ledger = ledger;
        Client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public ScriptedTarget Target { get; }

    public MemoryLedger Ledger { get; }

    public HttpClient Client { get; }

    public DrainSignal Drain => app.Services.GetRequiredService<DrainSignal>();

    /// <summary>The administration's listener, where the options have one.</summary>
    public AdminListener Admin => app.Services.GetRequiredService<AdminListener>();

    /// <summary>Clients of answers that are being made for a key.</summary>
    public int Readers => app.Services.GetRequiredService<RunningAnswers>().Readers;

    /// <summary>The step that looks for keys, in front of another end.</summary>
    public IdempotentRequests Idempotency(Microsoft.AspNetCore.Http.RequestDelegate next) => ActivatorUtilities.CreateInstance<IdempotentRequests>(app.Services, app.Services, next);

    public Task StopAsync() => app.StopAsync();

    /// <summary>The paths that the server answers, as <c>METHOD /path</c>.</summary>
    public IEnumerable<string> Routes => RoutesOf(app.Services);

    public static IEnumerable<string> RoutesOf(IServiceProvider services) => services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}"));

    /// <summary>Completes when the server has noticed that the client of the next request has left.</summary>
    public Task LeftAsync() => departures.NextAsync();

    public static async Task<TestServer> StartAsync(Action<ServeOptions>? configure = null, Action<ScriptedTarget>? script = null, Stream? responseBody = null, ThrowsAt? throwsAt = null, IDecisionStore? decisions = null)
    {
        var options = new ServeOptions { Urls = ["http://127.0.0.1:0"] };
        configure?.Invoke(options);
        var target = new ScriptedTarget(TimeProvider.System) { OnStart = generation => generation.End() };
        var ledger = new MemoryLedger();
        var served = new TargetThatThrows(target);
        var app = PenstockServer.Build(options, [new ServedModel(served, null)], ledger, TimeProvider.System, decisions: decisions);
        var departures = new Departures();
        app.Use(departures.Watch);
        if (responseBody is not null)
        {
            app.Use(next => http =>
            {
                http.Response.Body = responseBody;
                return next(http);
            });
        }

        await app.StartAsync();
        await app.Services.GetRequiredService<Readiness>().Warm;
        while (target.Started.Reader.TryRead(out _))
        {
            // The warm-up's generation is not the test's.
        }

        target.OnStart = _ => { };
        served.At = throwsAt;
        script?.Invoke(target);
        return new TestServer(app, target, ledger, departures);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json, CancellationToken cancellationToken = default) =>
        Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") },
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken);

    /// <summary>The same with an idempotency key.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string json, string key, CancellationToken cancellationToken = default) =>
        Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json"), Headers = { { "Idempotency-Key", key } } },
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }
}
