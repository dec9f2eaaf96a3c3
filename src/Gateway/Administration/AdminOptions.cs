using Penstock.Providers.Credentials;

namespace Penstock.Gateway.Administration;

/// <summary>The administration's own listener.</summary>
/// <param name="Listen">Where it listens, <c>http://host:port</c>. Port 0 takes a free one.</param>
/// <param name="Credential">Where the key is that its callers present; null = none, and then it listens on loopback only.</param>
public sealed record AdminOptions(string Listen, CredentialSource? Credential);
