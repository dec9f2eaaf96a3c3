using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Penstock.Benchmarks.Load.Relays;

/// <summary>The least that forwards a request with the same parts that Penstock has, Kestrel and SocketsHttpHandler: no keys, no limits, no ledger, nothing read.</summary>
internal static class BareRelay
{
    public static async Task RunAsync(int port, int upstream)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "relay" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        await using var app = builder.Build();
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null, MaxResponseDrainSize = 0 });
        var root = $"http://127.0.0.1:{upstream}";
        app.Run(http => ForwardAsync(http, invoker, root));
        await app.RunAsync();
    }

    private static async Task ForwardAsync(HttpContext http, HttpMessageInvoker invoker, string root)
    {
        using var body = new StreamContent(http.Request.Body);
        body.Headers.ContentLength = http.Request.ContentLength;
        body.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, root + http.Request.Path) { Content = body };
        using var answer = await invoker.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentLength = answer.Content.Headers.ContentLength;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await using var stream = await answer.Content.ReadAsStreamAsync(http.RequestAborted);
        var writer = http.Response.BodyWriter;
        while (await stream.ReadAsync(writer.GetMemory(4096), http.RequestAborted) is var read and > 0)
        {
            writer.Advance(read);
            await writer.FlushAsync(http.RequestAborted);
        }
    }
}
