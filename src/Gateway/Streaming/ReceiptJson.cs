using System.Text.Json;

namespace Penstock.Gateway.Streaming;

/// <summary>The receipt of an answer: what computed it, and the digest of every sampled token with its margin. Two runs agree when both are equal.</summary>
internal static class ReceiptJson
{
    public static void Write(Utf8JsonWriter json, string? fingerprint, string? digest)
    {
        json.WriteStartObject("penstock");
        json.WriteString("fingerprint", fingerprint);
        json.WriteString("digest", digest);
        json.WriteEndObject();
    }
}
