using Microsoft.AspNetCore.Http;

namespace Penstock.Gateway.Endpoints.OpenApi;

/// <summary><c>GET /openapi/v1.json</c>: the API's description, written by hand and checked against the map of paths by a test.</summary>
internal static class OpenApiEndpoint
{
    private const string Resource = "Penstock.Gateway.Endpoints.OpenApi.openapi.json";

    public static Task HandleAsync(HttpContext http) => WriteAsync(http, Resource);

    /// <summary>Answers with a description that is in this assembly.</summary>
    public static async Task WriteAsync(HttpContext http, string resource)
    {
        await using var document = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The resource {resource} is not in the assembly.");
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = document.Length;
        await document.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}
