using System.Net;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;

namespace Penstock.Gateway.Tenancy;

/// <summary>
/// Where no keys are configured, whoever reaches the loopback port is trusted. A web page in the user's browser reaches it too:
/// by a cross-origin POST, which carries an <c>Origin</c>, or after DNS rebinding, which carries the page's own <c>Host</c>. Neither is let in.
/// </summary>
internal static class LocalCallers
{
    private const string Remedy = "Without API keys only programs on this machine are served. Configure keys to open it further (docs/operations/serving.md).";

    /// <summary>Null, or why the request is refused.</summary>
    public static PenstockError? Refuse(HttpRequest request)
    {
        if (request.Host.HasValue && !IsLocal(request.Host.Host))
        {
            return new(ErrorCode.ForeignCaller, $"The request is addressed to a host that is not this machine's loopback. {Remedy}");
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsLocal(page.Host))
            ? null
            : new(ErrorCode.ForeignCaller, $"The request comes from a web page of another origin. {Remedy}");
    }

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
