using System.Security.Cryptography;
using System.Text;

namespace Penstock.Cli.Keys;

/// <summary>What configuration has of a key: SHA-256 of its UTF-8 bytes, in hexadecimal.</summary>
internal static class KeyDigest
{
    public static string Of(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
