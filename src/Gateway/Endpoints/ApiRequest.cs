using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Records;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints;

/// <summary>Step 1 of a request's life for every endpoint with a JSON body.</summary>
internal sealed class ApiRequest(ServeOptions options)
{
    /// <summary>Reads and parses the body; null when it was refused, and then the answer has been sent.</summary>
    public async Task<T?> ReadAsync<T>(HttpContext http, Func<WireObject, Caller, T> parse)
        where T : class
    {
        var scope = RequestScope.Of(http);
        if (RequestBody.Encoded(http.Request.Headers.ContentEncoding) is { } encoded)
        {
            await ErrorResponse.WriteAsync(http.Response, encoded);
            return null;
        }

        if (http.Request.ContentLength > options.MaxBodyBytes)
        {
            await ErrorResponse.WriteAsync(http.Response, RequestBody.TooLarge(options.MaxBodyBytes));
            return null;
        }

        var body = await RequestBody.ReadAsync(http.Request.BodyReader, options.MaxBodyBytes, http.RequestAborted);
        if (!body.Ok)
        {
            await ErrorResponse.WriteAsync(http.Response, body.Error);
            return null;
        }

        using JsonDocument document = body.Value;
        var faults = new WireFaults();
        var parsed = parse(new WireObject(document.RootElement, "", faults), scope.Caller);
        scope.Timeline.End(RequestPhase.Receive);
        if (faults.First is not { } fault)
        {
            return parsed;
        }

        await ErrorResponse.WriteAsync(http.Response, fault);
        return null;
    }
}
