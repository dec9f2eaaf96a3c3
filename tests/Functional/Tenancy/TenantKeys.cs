using System.Security.Cryptography;
using System.Text;
using Penstock.Gateway.Tenancy;

namespace Penstock.Functional.Tests.Tenancy;

/// <summary>Keys whose text is their id.</summary>
internal static class TenantKeys
{
    public static ApiKey Of(string tenant, string id) => new(id, tenant, SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    public static string DigestOf(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    /// <summary>A chat of the holder of this key.</summary>
    public static HttpRequestMessage Chat(string key, string body, params ReadOnlySpan<(string Name, string Value)> headers) => Post("/v1/chat/completions", key, body, headers);

    public static HttpRequestMessage Post(string path, string key, string body, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", key);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return request;
    }

    /// <summary>A chat with pebble of at most so many tokens of output.</summary>
    public static string Body(int maxTokens, string more = "") =>
        $$"""{"model":"pebble","temperature":0,"max_tokens":{{maxTokens}},"ignore_eos":true,"messages":[{"role":"user","content":"What is TTFT?"}]{{more}}}""";
}
