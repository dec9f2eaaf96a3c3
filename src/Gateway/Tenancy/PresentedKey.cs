using Microsoft.AspNetCore.Http;

namespace Penstock.Gateway.Tenancy;

/// <summary>The key that a request carries: <c>authorization: Bearer</c> as OpenAI's clients send it, or <c>x-api-key</c> as Anthropic's do.</summary>
internal static class PresentedKey
{
    private const string Scheme = "Bearer ";

    /// <summary>The key, or null where there is none in either form; the first header that is there counts.</summary>
    public static string? Of(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization.ToString();
        if (authorization.Length > 0)
        {
            return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : null;
        }

        var key = headers["x-api-key"].ToString().Trim();
        return key.Length == 0 ? null : key;
    }

    /// <summary>Whether the request carries a key at all, in a form that is read or not.</summary>
    public static bool IsAbsent(IHeaderDictionary headers) => headers.Authorization.Count == 0 && headers["x-api-key"].Count == 0;
}
