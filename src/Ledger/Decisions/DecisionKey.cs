using System.Security.Cryptography;
using System.Text;

namespace Penstock.Ledger.Decisions;

/// <summary>What a decision is found by, and what it answers. Only digests: a client's keys and prompts are not kept.</summary>
/// <param name="Id">SHA-256, in hex, of tenant, API key, path and idempotency key.</param>
/// <param name="Body">SHA-256, in hex, of the request's body.</param>
public sealed record DecisionKey(string Id, string Body)
{
    /// <param name="tenant">Who pays.</param>
    /// <param name="apiKeyId">With which key; null where none is needed.</param>
    /// <param name="path">The endpoint.</param>
    /// <param name="key">What the client sent.</param>
    /// <param name="body">The request's body.</param>
    public static DecisionKey Of(string tenant, string? apiKeyId, string path, string key, ReadOnlySpan<byte> body)
    {
        // Every part with its length before it: no two different lists of parts are the same bytes.
        var parts = new StringBuilder();
        foreach (var part in (string[])[tenant, apiKeyId ?? "", path, key])
        {
            parts.Append(part.Length).Append(':').Append(part);
        }

        return new(Hex(Encoding.UTF8.GetBytes(parts.ToString())), Hex(body));
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
