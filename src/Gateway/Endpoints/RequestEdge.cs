using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Settings;

namespace Penstock.Gateway.Endpoints;

/// <summary>The outermost step: starts the clock, gives the id, takes the settings, and turns whatever falls through into OpenAI's error shape.</summary>
internal sealed class RequestEdge(RequestIds ids, LiveSettings live, TimeProvider time, ILogger<RequestEdge> logger, RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var settings = live.Enter();
        var scope = new RequestScope(ids.Next(), RequestTimeline.Start(time), settings);
        http.Features.Set(scope);
        http.Response.Headers["x-request-id"] = scope.Caller.RequestId;
        try
        {
            await next(http);
            if (http.Response.StatusCode >= 400 && !http.Response.HasStarted)
            {
                await ErrorResponse.WriteAsync(http.Response, Nowhere(http));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or BadHttpRequestException && http.RequestAborted.IsCancellationRequested)
        {
            // The client left while its body was read: there is nobody to answer.
        }
        catch (BadHttpRequestException)
        {
            await ErrorResponse.WriteAsync(http.Response, new(ErrorCode.InvalidRequest, "The body could not be read: it ended early, came too slowly or was framed wrongly."));
        }
        catch (Exception exception)
        {
            GatewayLog.Unforeseen(logger, exception, scope.Caller.RequestId);
            await ErrorResponse.WriteAsync(http.Response, ServerErrors.Unforeseen(scope.Caller.RequestId));
        }
        finally
        {
            settings.Release();
        }
    }

    private static PenstockError Nowhere(HttpContext http) => http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
        ? new(ErrorCode.MethodNotAllowed, $"This path answers {http.Response.Headers.Allow} only. /openapi/v1.json lists what this server answers.")
        : new(ErrorCode.NotFound, "There is nothing at this path. /openapi/v1.json lists what this server answers.");
}
