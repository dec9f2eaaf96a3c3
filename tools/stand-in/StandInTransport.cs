namespace Penstock.Tools.StandIn;

/// <summary>How the stand-in is spoken to.</summary>
public enum StandInTransport
{
    /// <summary>HTTP/1.1.</summary>
    Http1,

    /// <summary>HTTP/2 without TLS, which callers must know beforehand.</summary>
    Http2,

    /// <summary>TLS with a certificate of its own, and HTTP/2 for who offers it.</summary>
    Tls,
}
