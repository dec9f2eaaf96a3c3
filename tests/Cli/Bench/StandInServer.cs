using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Penstock.Cli.Tests.Bench;

/// <summary>A server that speaks just enough of OpenAI's chat API over real HTTP, on a free port of the loopback.</summary>
internal sealed class StandInServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private StandInServer(WebApplication app) => this.app = app;

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <param name="answer">Answers chat completions.</param>
    public static async Task<StandInServer> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/chat/completions", answer);
        app.MapGet("/v1/models", () => """{"object":"list","data":[{"id":"stand-in"}]}""");
        await app.StartAsync();
        return new StandInServer(app);
    }

    /// <summary>Streams tokens, one an event, then usage and the end.</summary>
    public static async Task StreamAsync(HttpContext http, int tokens, int promptTokens = 10)
    {
        http.Response.ContentType = "text/event-stream";
        await EventAsync(http, """{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""");
        for (var i = 0; i < tokens; i++)
            await EventAsync(http, """{"choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]}""");
        await EventAsync(http, """{"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}""");
        await EventAsync(http, $$$"""{"choices":[],"usage":{"prompt_tokens":{{{promptTokens}}},"completion_tokens":{{{tokens}}}}}""");
        await EventAsync(http, "[DONE]");
    }

    public static async Task EventAsync(HttpContext http, string data)
    {
        // Kestrel lets writes to a closed connection pass in silence.
        http.RequestAborted.ThrowIfCancellationRequested();
        await http.Response.WriteAsync($"data: {data}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
