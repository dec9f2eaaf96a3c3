using Penstock.Gateway.Administration;
using Penstock.Gateway.Hosting;

namespace Penstock.Gateway.Configuration;

/// <summary><c>admin</c> in <c>penstock.yaml</c>: the administration's listener.</summary>
internal static class AdminSection
{
    /// <summary>The listener; null when the file has none.</summary>
    public static AdminOptions? Read(YamlNodeReader root)
    {
        if (root.Child("admin") is not { } admin)
        {
            return null;
        }

        admin.Allow(["listen", "credential"], notYet: []);
        var credential = CredentialSection.Read(admin);
        return admin.RequiredString("listen") is { } listen ? new AdminOptions(listen, credential) : null;
    }

    public static void Check(AdminOptions? admin, List<OptionFault> faults)
    {
        if (admin is null)
        {
            return;
        }

        var address = ListenAddress.Parse(admin.Listen);
        if (!address.Ok)
        {
            faults.Add(new("admin.listen", admin.Listen, "an address is http://host:port with an IP address or localhost", "Write http://127.0.0.1:8081."));
        }
        else if (!address.Value.IsLoopback && admin.Credential is null)
        {
            faults.Add(new(
                "admin.listen",
                $"{admin.Listen} can be reached from other machines and no credential is configured",
                "without a credential the administration listens on loopback only, such as http://127.0.0.1:8081",
                "Add credential: { env: NAME }, or listen on loopback."));
        }
    }
}
