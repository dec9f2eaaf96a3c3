using System.Security.Cryptography;

namespace Penstock.Gateway.Configuration;

/// <summary>The written form of a key's digest: 64 hexadecimal digits.</summary>
internal static class ApiKeyDigest
{
    /// <summary>The digest, or null and a fault. What was given is not repeated: it may be the key itself.</summary>
    public static byte[]? Parse(string? text, string key, List<OptionFault> faults)
    {
        if (text is { Length: 2 * SHA256.HashSizeInBytes } && text.All(char.IsAsciiHexDigit))
        {
            return Convert.FromHexString(text);
        }

        faults.Add(new(
            key,
            "not a SHA-256 digest",
            "a digest has 64 hexadecimal digits; keys themselves are never stored",
            "Make it with: printf %s \"$KEY\" | sha256sum"));
        return null;
    }
}
