using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Penstock.Contracts;
using Penstock.Contracts.Errors;

namespace Penstock.Gateway.Idempotency;

/// <summary>The header <c>Idempotency-Key</c>: 1 to 255 characters, none of them a control character. Quotes, if there are any, belong to it.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    /// <summary>As many as Stripe allows, whose header it is.</summary>
    private const int MaxLength = 255;

    /// <summary>Where decisions are kept: everything that generates or embeds. Counting tokens gives the same answer again by itself.</summary>
    private static readonly string[] Paths = ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages"];

    /// <summary>The endpoint's path as it is written here; null where keys have no meaning.</summary>
    public static string? PathOf(HttpRequest request)
    {
        var path = request.Path.Value.AsSpan().TrimEnd('/');
        foreach (var known in Paths)
        {
            if (path.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return HttpMethods.IsPost(request.Method) ? known : null;
            }
        }

        return null;
    }

    public static Outcome<string> Read(StringValues values) => values switch
    {
        [{ Length: > 0 and <= MaxLength } key] when !key.Any(char.IsControl) => key,
        [_] => Bad($"The header {Header} must have 1 to {MaxLength} characters and no control characters. A UUID is a good key."),
        _ => Bad($"The header {Header} is there {values.Count} times. Send it once."),
    };

    private static PenstockError Bad(string message) => new(ErrorCode.InvalidRequest, message, Header);
}
