using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Contracts.Records;
using Penstock.Gateway.Hosting;
using Penstock.Ledger;
using Penstock.Tests.Support;

namespace Penstock.Functional.Tests.Hosting;

/// <summary>The whole server with pebble in this process, on a random loopback port, with a ledger of its own.</summary>
public sealed class PebbleServer : IAsyncLifetime
{
    private readonly TemporaryFolder data = new();
    private WebApplication? app;

    /// <summary>What the server is started with; change it before it starts.</summary>
    public ServeOptions Options { get; } = new() { Models = [new(Pebble)], Urls = ["http://127.0.0.1:0"], Threads = 1 };

    public static string Pebble => TestData.InRepository("models", "pebble.gguf");

    public HttpClient Client { get; private set; } = null!;

    public Uri Address => new(app!.Urls.First());

    public string LedgerFile => Options.Store.SqliteFile;

    public async ValueTask InitializeAsync()
    {
        Options.Store = StoreOptions.InFolder(data.Path);
        var parts = await ServerParts.OpenAsync(Options, TimeProvider.System);
        app = PenstockServer.Build(Options, parts, TimeProvider.System);
        await app.StartAsync();
        await app.Services.GetRequiredService<Readiness>().Warm;
        Client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = Address };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app!.StopAsync();
        await app.DisposeAsync();
        data.Dispose();
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json, CancellationToken cancellationToken = default) => Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") },
        HttpCompletionOption.ResponseHeadersRead,
        cancellationToken);

    /// <summary>The final record of a request, once it is on disk.</summary>
    public async Task<RequestRecord> RecordAsync(HttpResponseMessage response) => await RecordAsync(record => record.RequestId == response.Headers.GetValues("x-request-id").Single());

    /// <summary>The newest finished record that fits.</summary>
    public async Task<RequestRecord> RecordAsync(Func<RequestRecord, bool> fits)
    {
        using var reader = LedgerReader.Open(LedgerFile);
        var record = await Eventually.NotNullAsync(() => reader.Tail(50).Select(entry => entry.Record).LastOrDefault(record => record.State == RecordState.Finished && fits(record)));
        Assert.Empty(LedgerLaws.Check(record));
        return record;
    }
}
