using System.Security.Cryptography;
using System.Text;

namespace Penstock.Providers.Credentials;

/// <summary>A key. It is never printed: only the call that sends it asks for it.</summary>
public sealed class Credential(string key)
{
    internal string Reveal() => key;

    /// <summary>Whether somebody presents the same; takes the same time however much of it is right.</summary>
    public bool Matches(string presented) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(presented)), SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Says nothing of the key.</summary>
    public override string ToString() => "(hidden)";
}
