using Microsoft.AspNetCore.Http;
using Penstock.Gateway.Tenancy;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Requests;

/// <summary>What the server knows of an HTTP request before it has read it.</summary>
internal sealed class RequestScope(string id, RequestTimeline timeline)
{
    /// <summary>The id without a prefix.</summary>
    public string Id => id;

    public RequestTimeline Timeline => timeline;

    public Caller Caller { get; private set; } = new($"req_{id}", Authorization.LocalTenant, null);

    public void Authorize(string tenant, string keyId) => Caller = Caller with { Tenant = tenant, ApiKeyId = keyId };

    public static RequestScope Of(HttpContext http) =>
        http.Features.Get<RequestScope>() ?? throw new InvalidOperationException("The request has no scope: RequestEdge must run first.");
}
