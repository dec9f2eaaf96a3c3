namespace Penstock.Providers.Credentials;

/// <summary>A key. It is never printed: only the call that sends it asks for it.</summary>
public sealed class Credential(string key)
{
    internal string Reveal() => key;

    /// <summary>Says nothing of the key.</summary>
    public override string ToString() => "(hidden)";
}
