using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Penstock.Gateway.Requests;

namespace Penstock.Gateway.Idempotency;

/// <summary>
/// A request that has left its connection: the endpoints see the same method, path, headers, body and caller, but the client who sent it may go while it runs. The server
/// uses the connection's own context for the next request, so nothing of it is kept.
/// </summary>
internal static class DetachedRequest
{
    /// <param name="http">The request as it came, its body read.</param>
    /// <param name="body">Its body.</param>
    /// <param name="response">Where the answer goes.</param>
    /// <param name="services">The server's, for its whole life.</param>
    /// <param name="gone">Cancelled when nobody wants the answer any more.</param>
    public static HttpContext From(HttpContext http, byte[] body, CapturedResponse response, IServiceProvider services, CancellationToken gone)
    {
        var request = new HttpRequestFeature
        {
            Method = http.Request.Method,
            Scheme = http.Request.Scheme,
            Protocol = http.Request.Protocol,
            PathBase = http.Request.PathBase.Value ?? "",
            Path = http.Request.Path.Value ?? "",
            QueryString = http.Request.QueryString.Value ?? "",
            Headers = new HeaderDictionary(http.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)),
            Body = new MemoryStream(body, writable: false),
        };
        response.Headers["x-request-id"] = http.Response.Headers["x-request-id"];
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(response);
        features.Set<IHttpRequestLifetimeFeature>(new Lifetime(gone));
        features.Set(RequestScope.Of(http));
        return new DefaultHttpContext(features) { RequestServices = services };
    }

    private sealed class Lifetime(CancellationToken gone) : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; } = gone;

        public void Abort()
        {
            // There is no connection to cut.
        }
    }
}
