namespace Penstock.Contracts.Errors;

/// <summary>Every way in which a request can fail to give what was asked for. <see cref="ErrorTable"/> gives each its HTTP form.</summary>
public enum ErrorCode
{
    /// <summary>The body is not JSON, a field has the wrong type, or a value is out of its range.</summary>
    InvalidRequest,

    /// <summary>The value is legal in OpenAI's API but Penstock does not do it (yet). Names the parameter.</summary>
    UnsupportedValue,

    /// <summary>The body is larger than the configured bound.</summary>
    RequestTooLarge,

    /// <summary>The body is compressed.</summary>
    UnsupportedEncoding,

    /// <summary>Prompt plus requested output do not fit the model's context.</summary>
    ContextLengthExceeded,

    /// <summary>The model's chat template refused these messages. The message names template, line and reason.</summary>
    TemplateFailed,

    /// <summary>No API key, or one that is not known.</summary>
    InvalidApiKey,

    /// <summary>A web page, or a host name that is not this machine's, at a server without keys.</summary>
    ForeignCaller,

    /// <summary>No model of that name is served here.</summary>
    ModelNotFound,

    /// <summary>The model has no adapter of that name.</summary>
    AdapterNotFound,

    /// <summary>No such path.</summary>
    NotFound,

    /// <summary>The path is there, for other methods.</summary>
    MethodNotAllowed,

    /// <summary>The target's queue is full. Carries a Retry-After.</summary>
    QueueFull,

    /// <summary>The tenant's, team's or key's limit of money, or of a day or month, has no room. Names node and window.</summary>
    BudgetExceeded,

    /// <summary>A limit of a minute or hour, or of what may run at one time, has no room. Names node and window.</summary>
    RateLimited,

    /// <summary>The agent run has used up its calls, tokens, depth or time.</summary>
    RunLimitReached,

    /// <summary>The key may not use this model or surface.</summary>
    KeyScope,

    /// <summary>The model has no price, and the tenant's limits in money take none without one.</summary>
    ModelUnpriced,

    /// <summary>What is to be changed is declared elsewhere, or something depends on it.</summary>
    Conflict,

    /// <summary>It was changed since the caller looked.</summary>
    PreconditionFailed,

    /// <summary>The settings would be wrong as a whole; nothing was changed.</summary>
    InvalidSettings,

    /// <summary>The deadline would pass before the answer could be there. Carries a Retry-After when waiting helps.</summary>
    DeadlineUnreachable,

    /// <summary>The model is still loading, or the server is draining.</summary>
    Unavailable,

    /// <summary>The runner failed while this request was running.</summary>
    RunnerFailed,

    /// <summary>The provider that should have answered failed or could not be reached.</summary>
    UpstreamFailed,

    /// <summary>The provider did not answer in time.</summary>
    UpstreamTimeout,

    /// <summary>The provider takes no more requests for now. Carries a Retry-After when it gave one.</summary>
    UpstreamRateLimited,

    /// <summary>The provider does not take the request; the message is the provider's own.</summary>
    UpstreamRefused,

    /// <summary>The provider's content policy forbids the request.</summary>
    ContentFiltered,

    /// <summary>The idempotency key belongs to an earlier request with another body.</summary>
    IdempotencyKeyReused,

    /// <summary>The ledger could not store the request, so it was not admitted.</summary>
    LedgerFailed,

    /// <summary>A bug: what was not foreseen. The message carries the request id and nothing of the content.</summary>
    Internal,
}
