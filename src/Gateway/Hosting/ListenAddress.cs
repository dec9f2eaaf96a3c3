using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Penstock.Contracts;
using Penstock.Contracts.Errors;

namespace Penstock.Gateway.Hosting;

/// <summary>Where to listen, understood from <c>http://host:port</c>.</summary>
/// <param name="Address">The address, or null for <c>localhost</c> on a fixed port: IPv4 and IPv6 loopback.</param>
/// <param name="Port">The port; 0 takes a free one.</param>
public sealed record ListenAddress(IPAddress? Address, int Port)
{
    public bool IsLoopback => Address is null || IPAddress.IsLoopback(Address);

    public static Outcome<ListenAddress> Parse(string url)
    {
        if (!Uri.TryCreate(url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri) || uri.PathAndQuery != "/")
        {
            return Fault(url, "is not an address. Write http://127.0.0.1:8080 or http://0.0.0.0:8080");
        }

        if (uri.Scheme != Uri.UriSchemeHttp)
        {
            return Fault(url, "is not http. TLS is the business of a proxy in front, such as nginx or Caddy; write http://127.0.0.1:8080");
        }

        if (uri.Host == "localhost")
        {
            return new ListenAddress(uri.Port == 0 ? IPAddress.Loopback : null, uri.Port);
        }

        return IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address)
            ? new ListenAddress(address, uri.Port)
            : Fault(url, "does not begin with an IP address or localhost. Write http://127.0.0.1:8080, or http://0.0.0.0:8080 for every address of this machine");
    }

    internal void Listen(KestrelServerOptions kestrel)
    {
        if (Address is null)
        {
            kestrel.ListenLocalhost(Port);
        }
        else
        {
            kestrel.Listen(Address, Port);
        }
    }

    private static PenstockError Fault(string url, string what) => new(ErrorCode.InvalidRequest, $"--urls {url} {what}.", "urls");
}
