using Penstock.Providers.Credentials;

namespace Penstock.Gateway.Configuration;

/// <summary><c>credential</c> of a target or of the administration: where the key is, never the key.</summary>
internal static class CredentialSection
{
    /// <summary>The place; null when the owner names none.</summary>
    public static CredentialSource? Read(YamlNodeReader owner)
    {
        if (owner.Child("credential") is not { } credential)
        {
            return null;
        }

        credential.Allow(["env", "file", "command"], notYet: []);
        CredentialSource[] given =
        [
            .. Source("env", CredentialKind.Environment),
            .. Source("file", CredentialKind.File),
            .. Source("command", CredentialKind.Command),
        ];
        if (given.Length != 1)
        {
            owner.Faults.Add(new(owner.PathOf("credential"), $"{given.Length} places", "one of env, file and command says where the key is", "Write credential: { env: NAME }."));
        }

        return given.FirstOrDefault();

        IEnumerable<CredentialSource> Source(string key, CredentialKind kind) => credential.String(key) is { } place ? [new(kind, place)] : [];
    }
}
