using System.Text.Json;
using Penstock.Gateway.Tenancy;

namespace Penstock.Gateway.Administration.Json;

/// <summary>A key in the form of <c>penstock.yaml</c>, with its tenant. The digest is for the store; answers leave it out.</summary>
internal static class KeyJson
{
    public static void Write(Utf8JsonWriter json, ApiKey key, bool digests)
    {
        json.WriteString("id", key.Id);
        json.WriteString("tenant", key.Tenant);
        if (digests)
        {
            json.WriteString("sha256", Convert.ToHexStringLower(key.Sha256.Span));
        }

        if (key.Operator)
        {
            json.WriteBoolean("operator", true);
        }

        if (key.Expires is { } expires)
        {
            json.WriteString("expires", expires);
        }

        Write(json, "models", key.Models);
        Write(json, "surfaces", key.Surfaces);
        LimitJson.Write(json, key.Limits);
        if (key.Former is { } former)
        {
            json.WriteStartObject("former");
            if (digests)
            {
                json.WriteString("sha256", Convert.ToHexStringLower(former.Sha256.Span));
            }

            json.WriteString("until", former.Until);
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, string name, KeyScope scope)
    {
        if (scope.Patterns.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var pattern in scope.Patterns)
        {
            json.WriteStringValue(pattern);
        }

        json.WriteEndArray();
    }
}
