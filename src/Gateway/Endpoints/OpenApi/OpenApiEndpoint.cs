using Microsoft.AspNetCore.Http;

namespace Penstock.Gateway.Endpoints.OpenApi;

/// <summary><c>GET /openapi/v1.json</c>: the API's description, written by hand and checked against the map of paths by a test.</summary>
internal static class OpenApiEndpoint
{
    private const string Resource = "Penstock.Gateway.Endpoints.OpenApi.openapi.json";

    public static async Task HandleAsync(HttpContext http)
    {
        await using var document = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is not in the assembly.");
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = document.Length;
        await document.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}
