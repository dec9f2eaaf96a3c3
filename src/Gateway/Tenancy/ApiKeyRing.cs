using System.Security.Cryptography;
using System.Text;

namespace Penstock.Gateway.Tenancy;

/// <summary>The keys that this server knows. Immutable and thread-safe.</summary>
public sealed class ApiKeyRing(IReadOnlyList<ApiKey> keys)
{
    /// <summary>Whether a key is needed at all.</summary>
    public bool IsOpen => keys.Count == 0;

    /// <summary>The key that was presented, or null. Takes the same time whichever key it is and however much of it is right.</summary>
    public ApiKey? Find(string presented)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), digest);
        ApiKey? found = null;
        foreach (var key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(digest, key.Sha256.Span))
            {
                found = key;
            }
        }

        return found;
    }
}
