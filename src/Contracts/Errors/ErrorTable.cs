namespace Penstock.Contracts.Errors;

/// <summary>The one place that maps an <see cref="ErrorCode"/> to its wire form: HTTP status, OpenAI's <c>type</c> and a stable <c>code</c>.</summary>
public static class ErrorTable
{
    /// <summary>How an error looks to an HTTP client.</summary>
    /// <param name="Status">HTTP status code.</param>
    /// <param name="Type">OpenAI's <c>error.type</c>.</param>
    /// <param name="Code">OpenAI's <c>error.code</c>; scripts may rely on it.</param>
    public readonly record struct WireForm(int Status, string Type, string Code);

    public static WireForm For(ErrorCode code) => code switch
    {
        ErrorCode.InvalidRequest => new(400, "invalid_request_error", "invalid_request"),
        ErrorCode.UnsupportedValue => new(400, "invalid_request_error", "unsupported_value"),
        ErrorCode.RequestTooLarge => new(413, "invalid_request_error", "request_too_large"),
        ErrorCode.UnsupportedEncoding => new(415, "invalid_request_error", "unsupported_encoding"),
        ErrorCode.ContextLengthExceeded => new(400, "invalid_request_error", "context_length_exceeded"),
        ErrorCode.TemplateFailed => new(400, "invalid_request_error", "template_failed"),
        ErrorCode.InvalidApiKey => new(401, "authentication_error", "invalid_api_key"),
        ErrorCode.ForeignCaller => new(403, "permission_error", "foreign_caller"),
        ErrorCode.ModelNotFound => new(404, "invalid_request_error", "model_not_found"),
        ErrorCode.AdapterNotFound => new(404, "invalid_request_error", "adapter_not_found"),
        ErrorCode.NotFound => new(404, "invalid_request_error", "not_found"),
        ErrorCode.MethodNotAllowed => new(405, "invalid_request_error", "method_not_allowed"),
        ErrorCode.QueueFull => new(429, "rate_limit_error", "queue_full"),
        ErrorCode.BudgetExceeded => new(429, "rate_limit_error", "budget_exceeded"),
        ErrorCode.RateLimited => new(429, "rate_limit_error", "rate_limited"),
        ErrorCode.RunLimitReached => new(429, "rate_limit_error", "run_limit_reached"),
        ErrorCode.KeyScope => new(403, "permission_error", "key_scope"),
        ErrorCode.ModelUnpriced => new(403, "permission_error", "model_unpriced"),
        ErrorCode.Conflict => new(409, "invalid_request_error", "conflict"),
        ErrorCode.PreconditionFailed => new(412, "invalid_request_error", "precondition_failed"),
        ErrorCode.InvalidSettings => new(422, "invalid_request_error", "invalid_settings"),
        ErrorCode.DeadlineUnreachable => new(429, "rate_limit_error", "deadline_unreachable"),
        ErrorCode.Unavailable => new(503, "server_error", "unavailable"),
        ErrorCode.RunnerFailed => new(500, "server_error", "runner_failed"),
        ErrorCode.UpstreamFailed => new(502, "server_error", "upstream_failed"),
        ErrorCode.UpstreamTimeout => new(504, "server_error", "upstream_timeout"),
        ErrorCode.UpstreamRateLimited => new(429, "rate_limit_error", "upstream_rate_limited"),
        ErrorCode.UpstreamRefused => new(400, "invalid_request_error", "upstream_refused"),
        ErrorCode.ContentFiltered => new(400, "invalid_request_error", "content_filter"),
        ErrorCode.IdempotencyKeyReused => new(422, "invalid_request_error", "idempotency_key_reused"),
        ErrorCode.LedgerFailed => new(503, "server_error", "ledger_failed"),
        ErrorCode.Internal => new(500, "server_error", "internal_error"),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "No wire form."),
    };
}
