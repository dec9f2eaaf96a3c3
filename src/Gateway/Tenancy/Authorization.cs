using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Requests;

namespace Penstock.Gateway.Tenancy;

/// <summary>Step 2 of a request's life: key to tenant. Health and the API's description need no key.</summary>
internal sealed class Authorization(TimeProvider time, RequestDelegate next)
{
    /// <summary>Who pays where no keys are configured.</summary>
    public const string LocalTenant = "local";

    public Task InvokeAsync(HttpContext http)
    {
        var scope = RequestScope.Of(http);
        var keys = scope.Settings.Keys;
        if (keys.IsOpen && LocalCallers.Refuse(http.Request) is { } foreign)
        {
            return ErrorResponse.WriteAsync(http.Response, foreign);
        }

        if (!keys.IsOpen && !IsPublic(http.Request.Path))
        {
            if (PresentedKey.Of(http.Request.Headers) is not { } presented || keys.Find(presented) is not { } key)
            {
                return ErrorResponse.WriteAsync(http.Response, new(
                    ErrorCode.InvalidApiKey,
                    PresentedKey.IsAbsent(http.Request.Headers)
                        ? "This server needs an API key. Send it in the header authorization: Bearer <key>."
                        : "The API key is not known to this server. Check the header authorization: Bearer <key>."));
            }

            if (key.Expires <= time.GetUtcNow())
            {
                return ErrorResponse.WriteAsync(http.Response, new(ErrorCode.InvalidApiKey, $"The API key '{key.Id}' has expired. Use the tenant's current key, or have a new one made."));
            }

            if (Surfaces.Of(http.Request.Path) is { } surface && !key.Surfaces.Allows(surface))
            {
                return ErrorResponse.WriteAsync(http.Response, OutOfScope("surface", surface));
            }

            scope.Authorize(key);
        }

        scope.Timeline.End(RequestPhase.Authorize);
        return next(http);
    }

    /// <summary>The key is good, but not for this.</summary>
    public static PenstockError OutOfScope(string what, string name) =>
        new(ErrorCode.KeyScope, $"This API key may not use the {what} '{(name.Length <= 64 ? name : $"{name[..64]}...")}'. Use another key, or have this one's scope widened in penstock.yaml.");

    private static bool IsPublic(PathString path) => path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments("/openapi", StringComparison.Ordinal);
}
