using Microsoft.AspNetCore.Http;

namespace Penstock.Tools.StandIn;

/// <summary>The behaviours that end a call before an answer begins.</summary>
internal static class Refusals
{
    /// <summary>False when the behaviour is to answer.</summary>
    public static async Task<bool> TryWriteAsync(HttpContext http, Behaviour behaviour)
    {
        switch (behaviour)
        {
            case Behaviour.Reset:
                http.Abort();
                return true;
            case Behaviour.Silent:
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
                return true;
            case Behaviour.RateLimitedOnce:
                return await ErrorAsync(http, 429, "rate_limit_exceeded", "Slow down.", "1");
            case Behaviour.RateLimited:
                return await ErrorAsync(http, 429, "rate_limit_exceeded", "Slow down.", "60");
            case Behaviour.FailsOnce:
                return await ErrorAsync(http, 500, "server_error", "Something broke.");
            case Behaviour.Overloaded:
                return await ErrorAsync(http, 503, "overloaded", "Come back later.");
            case Behaviour.ContextLength:
                return await ErrorAsync(http, 400, "context_length_exceeded", "This model's maximum context length is 8 tokens.");
            case Behaviour.ContentFilter:
                return await ErrorAsync(http, 400, "content_filter", "The response was filtered.");
            case Behaviour.RefusesPrefill:
                return await ErrorAsync(http, 400, "invalid_request_error", "This model does not support assistant message prefill.");
            case Behaviour.RefusesMaxTokens:
                return await ErrorAsync(http, 400, "unsupported_parameter", "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.");
            case Behaviour.WrongKey:
                return await ErrorAsync(http, 401, "invalid_api_key", "Incorrect API key provided.");
            default:
                return false;
        }
    }

    private static async Task<bool> ErrorAsync(HttpContext http, int status, string code, string message, string? retryAfter = null)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        if (retryAfter is not null)
        {
            http.Response.Headers.RetryAfter = retryAfter;
        }

        await http.Response.WriteAsync($$$"""{"error":{"message":"{{{message}}}","type":"error","param":null,"code":"{{{code}}}"}}""", http.RequestAborted);
        return true;
    }
}
