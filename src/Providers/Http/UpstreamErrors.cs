using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Penstock.Contracts.Errors;
using Penstock.Providers.Reading;

namespace Penstock.Providers.Http;

/// <summary>What a provider's failures mean. Its own words are passed on only where they are about the client's request.</summary>
internal static class UpstreamErrors
{
    private const int LongestMessage = 2000;
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    /// <summary>An answer with an error status.</summary>
    /// <param name="target">The target's name.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="body">The body, or the start of it.</param>
    /// <param name="retryAfter">How long the provider asks to wait.</param>
    public static PenstockError OfStatus(string target, int status, ReadOnlySpan<byte> body, TimeSpan? retryAfter)
    {
        var (message, code) = Read(body);
        var kind = KindOf(status, message, code);
        var own = message is null ? $"The provider '{target}' does not take the request (status {status})." : Shorten(message);
        return kind switch
        {
            FaultKind.ContextLength => Error(ErrorCode.ContextLengthExceeded, own),
            FaultKind.ContentFilter => Error(ErrorCode.ContentFiltered, own),
            FaultKind.Refused => Error(ErrorCode.UpstreamRefused, own),
            FaultKind.UnknownModel => Error(ErrorCode.ModelNotFound, $"The provider '{target}' does not have this model. Check the target's models."),
            FaultKind.Credential => Error(ErrorCode.UpstreamFailed, $"The provider '{target}' does not accept the credential that it is configured with (status {status})."),
            FaultKind.RateLimited => Error(ErrorCode.UpstreamRateLimited, $"The provider '{target}' takes no more requests for now. Try again later."),
            FaultKind.Overloaded => Error(ErrorCode.UpstreamFailed, $"The provider '{target}' is overloaded or down (status {status}). Try again later."),
            _ => Error(ErrorCode.UpstreamFailed, $"The provider '{target}' failed (status {status}). Try again later."),
        };

        PenstockError Error(ErrorCode errorCode, string text) => new(errorCode, text, RetryAfter: retryAfter) { Upstream = new(kind, status) };
    }

    /// <summary>An error that came as an event of a stream, or as a body with a good status.</summary>
    public static PenstockError InAnswer(string target, ReadOnlySpan<byte> data, bool produced)
    {
        var (message, code) = Read(data);
        var kind = KindOf(int.TryParse(code?.Split(' ')[0], out var status) ? status : 500, message, code);
        return new(
            kind switch
            {
                FaultKind.ContextLength => ErrorCode.ContextLengthExceeded,
                FaultKind.ContentFilter => ErrorCode.ContentFiltered,
                FaultKind.RateLimited => ErrorCode.UpstreamRateLimited,
                _ => ErrorCode.UpstreamFailed,
            },
            kind is FaultKind.ContextLength or FaultKind.ContentFilter && message is not null ? Shorten(message) : $"The provider '{target}' failed while it answered.")
        {
            Upstream = new(kind, 200, produced),
        };
    }

    /// <summary>No status came.</summary>
    public static PenstockError OfSending(string target, Exception exception)
    {
        var connect = exception is OperationCanceledException
            || exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError }
            || exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
        return connect
            ? new(ErrorCode.UpstreamFailed, $"There is no connection to the provider '{target}'. Check that it runs, and the target's base_url.") { Upstream = new(FaultKind.Connect) }
            : new(ErrorCode.UpstreamFailed, $"The provider '{target}' broke off before it answered. Try again.") { Upstream = new(FaultKind.Reset) };
    }

    public static PenstockError Cut(string target, bool produced) => new(ErrorCode.UpstreamFailed, $"The answer of the provider '{target}' ended before it was whole.")
    {
        Upstream = new(FaultKind.Cut, 200, produced),
    };

    public static PenstockError Malformed(string target, bool produced) => new(ErrorCode.UpstreamFailed, $"The answer of the provider '{target}' is not in its own format.")
    {
        Upstream = new(FaultKind.Malformed, 200, produced),
    };

    /// <summary>The wait that the answer's headers ask for; null when they do not. OpenAI also gives it in milliseconds.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        if (response.Headers.NonValidated.TryGetValues("retry-after-ms", out var values) && double.TryParse(values.ToString(), out var milliseconds) && milliseconds >= 0)
        {
            return Bound(TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestRetryAfter.TotalMilliseconds)));
        }

        return response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => Bound(delta),
            { Date: { } date } => Bound(date - now),
            _ => null,
        };
    }

    private static TimeSpan Bound(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestRetryAfter ? LongestRetryAfter : wait;

    private static FaultKind KindOf(int status, string? message, string? code)
    {
        if (Has(code, "content_filter") || Has(code, "content_policy") || Has(code, "responsibleai"))
        {
            return FaultKind.ContentFilter;
        }

        if (status is 400 or 413 or 422 && (Has(code, "context_length") || Has(code, "exceed_context") || Has(message, "context length") || Has(message, "context window")
            || Has(message, "context size") || Has(message, "prompt is too long")))
        {
            return FaultKind.ContextLength;
        }

        return (HttpStatusCode)status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.PaymentRequired => FaultKind.Credential,
            HttpStatusCode.NotFound => FaultKind.UnknownModel,
            HttpStatusCode.RequestTimeout or HttpStatusCode.ServiceUnavailable or (HttpStatusCode)529 => FaultKind.Overloaded,
            HttpStatusCode.TooManyRequests => FaultKind.RateLimited,
            >= HttpStatusCode.InternalServerError => FaultKind.ServerError,
            _ => FaultKind.Refused,
        };
    }

    private static bool Has(string? text, string part) => text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;

    // {"error": {"message", "code", "type"}}, as OpenAI and Anthropic write it (the latter's code is in "details"), or a bare text in "error" or "message".
    private static (string? Message, string? Code) Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return default;
            }

            var error = root.TryGetProperty("error", out var inner) ? inner : root;
            return error.ValueKind == JsonValueKind.Object
                ? (Text(error, "message"), string.Join(' ', Text(error, "code"), Text(error.Object("details"), "error_code"), Text(error, "type")).Trim())
                : (error.ValueKind == JsonValueKind.String ? error.GetString() : null, null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    private static string? Text(JsonElement json, string name) => json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var value) ? null
        : value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null };

    private static string Shorten(string message) => message.Length <= LongestMessage ? message : $"{message[..LongestMessage]}...";
}
