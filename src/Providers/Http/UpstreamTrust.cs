using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Penstock.Contracts;
using Penstock.Contracts.Errors;

namespace Penstock.Providers.Http;

/// <summary>Whom a provider's certificate may be signed by.</summary>
internal static class UpstreamTrust
{
    /// <summary>The authorities in the target's file and no others, or the system's where it names none. An error when the file holds none.</summary>
    public static Outcome<SslClientAuthenticationOptions> Of(TargetOptions options)
    {
        var tls = new SslClientAuthenticationOptions();
        if (options.CaFile is not { } file)
        {
            return tls;
        }

        // A private authority seldom says where its revocations are.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            policy.CustomTrustStore.Clear();
        }

        if (policy.CustomTrustStore.Count == 0)
        {
            return new PenstockError(ErrorCode.InvalidRequest, $"Target '{options.Name}': {file} holds no certificates that can be read. Name a PEM file with those of the authority.", "ca_file");
        }

        tls.CertificateChainPolicy = policy;
        return tls;
    }
}
