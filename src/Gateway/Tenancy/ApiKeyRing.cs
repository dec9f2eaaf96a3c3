using System.Security.Cryptography;
using System.Text;

namespace Penstock.Gateway.Tenancy;

/// <summary>The keys that this server knows. Immutable and thread-safe.</summary>
public sealed class ApiKeyRing(IReadOnlyList<ApiKey> keys)
{
    // A former key is the key with an earlier end.
    private readonly (ReadOnlyMemory<byte> Digest, ApiKey Key)[] digests =
    [
        .. keys.Select(key => (key.Sha256, key)),
        .. from key in keys let former = key.Former where former is not null select (former.Sha256, key with { Expires = key.Expires < former.Until ? key.Expires : former.Until }),
    ];

    /// <summary>Whether a key is needed at all.</summary>
    public bool IsOpen => keys.Count == 0;

    /// <summary>The key that was presented, or null. Takes the same time whichever key it is and however much of it is right.</summary>
    public ApiKey? Find(string presented)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), digest);
        ApiKey? found = null;
        foreach (var (known, key) in digests)
        {
            if (CryptographicOperations.FixedTimeEquals(digest, known.Span))
            {
                found = key;
            }
        }

        return found;
    }
}
