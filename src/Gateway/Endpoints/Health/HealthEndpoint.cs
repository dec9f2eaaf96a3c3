using Microsoft.AspNetCore.Http;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Endpoints.Health;

/// <summary><c>GET /health/live</c>: the process answers. <c>GET /health/ready</c>: every model has answered, and the server is not stopping.</summary>
internal sealed class HealthEndpoint(Readiness readiness)
{
    public static Task LiveAsync(HttpContext http) => WriteAsync(http, "live");

    public Task ReadyAsync(HttpContext http)
    {
        var status = readiness.Status;
        if (status != "ready")
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "1";
        }

        return WriteAsync(http, status);
    }

    private static Task<bool> WriteAsync(HttpContext http, string status) => JsonResponse.WriteAsync(http.Response, json =>
    {
        json.WriteStartObject();
        json.WriteString("status", status);
        json.WriteEndObject();
    });
}
