using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Gateway.Hosting;

namespace Penstock.Gateway.Tests.Fakes;

/// <summary>The real gateway on a random loopback port over a scripted target and a ledger in memory.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestServer(WebApplication app, ScriptedTarget target, MemoryLedger ledger)
    {
        this.app = app;
        Target = target;
        Ledger = ledger;
        Client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public ScriptedTarget Target { get; }

    public MemoryLedger Ledger { get; }

    public HttpClient Client { get; }

    public DrainSignal Drain => app.Services.GetRequiredService<DrainSignal>();

    public Task StopAsync() => app.StopAsync();

    public static async Task<TestServer> StartAsync(Action<ServeOptions>? configure = null, Action<ScriptedTarget>? script = null)
    {
        var options = new ServeOptions { Urls = ["http://127.0.0.1:0"] };
        configure?.Invoke(options);
        var target = new ScriptedTarget(TimeProvider.System) { OnStart = generation => generation.End() };
        var ledger = new MemoryLedger();
        var app = PenstockServer.Build(options, [new ServedModel(target, null)], ledger, TimeProvider.System);
        await app.StartAsync();
        await app.Services.GetRequiredService<Readiness>().Warm;
        while (target.Started.Reader.TryRead(out _))
        {
            // The warm-up's generation is not the test's.
        }

        target.OnStart = _ => { };
        script?.Invoke(target);
        return new TestServer(app, target, ledger);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json, CancellationToken cancellationToken = default) =>
        Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") },
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }
}
