namespace Penstock.Providers.Credentials;

/// <summary>Where a credential is kept.</summary>
public enum CredentialKind
{
    /// <summary>In an environment variable.</summary>
    Environment,

    /// <summary>In a file, whose text it is.</summary>
    File,

    /// <summary>It is what a command prints.</summary>
    Command,
}
