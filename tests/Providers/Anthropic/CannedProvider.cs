using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Penstock.Gateway.Attempts;
using Penstock.Gateway.Hosting;
using Penstock.Providers.Credentials;
using Penstock.Providers.Tests.Hosting;

namespace Penstock.Providers.Tests.Anthropic;

/// <summary>A provider of Anthropic's kind that answers whatever it is asked with the bytes that the test gives it, and a gateway before it.</summary>
internal sealed class CannedProvider : IAsyncDisposable
{
    private readonly WebApplication provider;
    private readonly string keyFile = Path.GetTempFileName();
    private WebApplication? front;
    private UpstreamCatalog? upstream;

    private CannedProvider(string answer, string contentType)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        provider = builder.Build();
        provider.MapPost("/v1/messages", async (HttpContext http) =>
        {
            Headers = http.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
            using var reader = new StreamReader(http.Request.Body);
            Body = await reader.ReadToEndAsync();
            http.Response.ContentType = contentType;
            await http.Response.WriteAsync(answer);
        });
    }

    public HttpClient Client { get; private set; } = null!;

    public RecordingLedger Ledger { get; } = new();

    /// <summary>What the provider was sent last.</summary>
    public string Body { get; private set; } = "";

    /// <inheritdoc cref="Body"/>
    public IReadOnlyDictionary<string, string> Headers { get; private set; } = new Dictionary<string, string>();

    public static Task<CannedProvider> StreamingAsync(params string[] events) =>
        StartAsync(string.Concat(events.Select(data => $"event: {System.Text.Json.JsonDocument.Parse(data).RootElement.GetProperty("type")}\ndata: {data}\n\n")), "text/event-stream");

    public static async Task<CannedProvider> StartAsync(string answer, string contentType = "application/json")
    {
        var canned = new CannedProvider(answer, contentType);
        await File.WriteAllTextAsync(canned.keyFile, "provider-key");
        await canned.provider.StartAsync();
        var target = new TargetOptions
        {
            Name = "claude",
            Kind = TargetKind.Anthropic,
            BaseUrl = new Uri(canned.provider.Urls.First() + "/v1"),
            Models = ["alias"],
            Credential = new CredentialSource(CredentialKind.File, canned.keyFile),
        };
        canned.upstream = (await UpstreamCatalog.OpenAsync([target], [new("alias", ["claude/claude-real"])], TimeProvider.System)).OrThrow();
        canned.front = PenstockServer.Build(new ServeOptions { Urls = ["http://127.0.0.1:0"] }, [], canned.Ledger, TimeProvider.System, upstream: canned.upstream);
        await canned.front.StartAsync();
        canned.Client = new HttpClient { BaseAddress = new Uri(canned.front.Urls.First()) };
        return canned;
    }

    public async Task<(int Status, string Body)> AskAsync(string path, string json)
    {
        using var response = await Client.PostAsync(path, new StringContent(json, System.Text.Encoding.UTF8, "application/json"));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await front!.DisposeAsync();
        upstream!.Dispose();
        await provider.DisposeAsync();
        File.Delete(keyFile);
    }
}
