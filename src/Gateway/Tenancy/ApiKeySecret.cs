using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Penstock.Gateway.Tenancy;

/// <summary>The text of an API key, which only its holder has, and the digest that a server knows it by.</summary>
public static class ApiKeySecret
{
    /// <summary>256 bits: more than anybody can guess, so that a fast digest is enough.</summary>
    private const int Bytes = 32;

    /// <summary>Lets people and secret scanners see what it is.</summary>
    private const string Prefix = "psk-";

    /// <summary>A random key.</summary>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>SHA-256 of its UTF-8 bytes.</summary>
    public static byte[] DigestOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Whether a text may be a key's id: letters, digits, '.', '_' and '-'.</summary>
    public static bool IsId(string id) => id.Length > 0 && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');
}
