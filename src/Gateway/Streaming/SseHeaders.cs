using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Penstock.Gateway.Streaming;

/// <summary>The headers of a stream of server-sent events.</summary>
internal static class SseHeaders
{
    /// <summary>Sends a comment, which every reader of events skips.</summary>
    public static async ValueTask SendCommentAsync(HttpResponse response)
    {
        response.BodyWriter.Write(": keep-alive\n\n"u8);
        await response.BodyWriter.FlushAsync();
    }

    /// <summary>Commits the answer to a 200 and sends the headers.</summary>
    public static async ValueTask SendAsync(HttpResponse response)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        // Proxies such as nginx collect a response unless told not to.
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.StartAsync();
        await response.BodyWriter.FlushAsync();
    }
}
