using Microsoft.AspNetCore.Http;
using Penstock.Gateway.Settings;
using Penstock.Gateway.Tenancy;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Requests;

/// <summary>What the server knows of an HTTP request before it has read it.</summary>
internal sealed class RequestScope(string id, RequestTimeline timeline, GatewaySettings settings)
{
    /// <summary>The id without a prefix.</summary>
    public string Id => id;

    public RequestTimeline Timeline => timeline;

    /// <summary>The settings that it came under and keeps. Held until the request has ended; what outlives it needs a hold of its own.</summary>
    public GatewaySettings Settings => settings;

    public Caller Caller { get; private set; } = new($"req_{id}", Authorization.LocalTenant, null);

    /// <summary>Whether the key is an operator's.</summary>
    public bool Operator => Key?.Operator ?? false;

    /// <summary>The key that was presented; null where none is needed.</summary>
    public ApiKey? Key { get; private set; }

    /// <summary>Called when a generation has ended well and its record is written, before the last bytes of its answer: what comes from then on makes it whole.</summary>
    public Action? Completing { get; set; }

    public void Authorize(ApiKey key) => (Caller, Key) = (Caller with { Tenant = key.Tenant, ApiKeyId = key.Id }, key);

    public static RequestScope Of(HttpContext http) =>
        http.Features.Get<RequestScope>() ?? throw new InvalidOperationException("The request has no scope: RequestEdge must run first.");
}
