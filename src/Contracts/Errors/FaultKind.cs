namespace Penstock.Contracts.Errors;

/// <summary>How a call of a provider failed: what decides whether it may be tried again, here or elsewhere.</summary>
public enum FaultKind
{
    /// <summary>No connection: refused, no such host, TLS, or not in time.</summary>
    Connect,

    /// <summary>The connection broke before a status came.</summary>
    Reset,

    /// <summary>Nothing of the answer came in time.</summary>
    FirstTokenTimeout,

    /// <summary>The answer stood still for longer than allowed.</summary>
    Stall,

    /// <summary>The answer ended before it was whole.</summary>
    Cut,

    /// <summary>The answer is not in the provider's own format.</summary>
    Malformed,

    /// <summary>Too many requests.</summary>
    RateLimited,

    /// <summary>The provider is overloaded or down for a time (503, 529).</summary>
    Overloaded,

    /// <summary>The provider failed (another 5xx).</summary>
    ServerError,

    /// <summary>The provider does not accept the credential that it is configured with.</summary>
    Credential,

    /// <summary>The provider does not have the model.</summary>
    UnknownModel,

    /// <summary>The provider does not take the request.</summary>
    Refused,

    /// <summary>Prompt and output do not fit the model's context.</summary>
    ContextLength,

    /// <summary>The provider's content policy forbids the request.</summary>
    ContentFilter,
}
