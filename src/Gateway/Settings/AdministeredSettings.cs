using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger.Administration;
using Penstock.Ledger.Prices;

namespace Penstock.Gateway.Settings;

/// <summary>What was made through the administration's API, as options. Its documents have the fields of <c>penstock.yaml</c>. What the file declares wins over what has the same name here.</summary>
internal static class AdministeredSettings
{
    public const string TenantKind = "tenant";
    public const string KeyKind = "key";
    public const string PriceKind = "price";

    /// <summary>A target that is drained; the target itself is the file's.</summary>
    public const string DrainKind = "drain";

    /// <summary>The options with all that is in force. Notes what cannot be read.</summary>
    public static ServeOptions Apply(ServeOptions declared, AdministeredState state, List<OptionFault> faults)
    {
        var all = declared.WithSettingsOf(declared);
        all.Tenants = [.. declared.Tenants, .. Read(TenantKind, Tenant).Where(tenant => declared.Tenants.All(other => other.Name != tenant.Name))];
        all.ApiKeys = [.. declared.ApiKeys, .. Read(KeyKind, Key).Where(key => declared.ApiKeys.All(other => other.Id != key.Id))];
        all.Prices = new PriceBook([.. declared.Prices.Entries, .. Read(PriceKind, PriceSection.Entry).Where(price => declared.Prices.Entries.All(other => other.Name != price.Name))]);
        var drained = state.Items.Where(item => item.Kind == DrainKind).Select(item => item.Name).ToHashSet(StringComparer.Ordinal);
        all.Targets = [.. declared.Targets.Select(target => drained.Contains(target.Name) ? target with { Drained = true } : target)];
        return all;

        IEnumerable<T> Read<T>(string kind, Func<YamlNodeReader, T?> read)
            where T : class =>
            state.Items.Where(item => item.Kind == kind).Select(item => read(JsonDocuments.Read(item.Document, $"{kind} '{item.Name}'", faults))).OfType<T>();
    }

    /// <summary>A tenant's document.</summary>
    public static TenantOptions? Tenant(YamlNodeReader tenant)
    {
        tenant.Allow(TenantSection.Fields, notYet: []);
        tenant.RequiredString("name");
        return TenantSection.Read(tenant);
    }

    /// <summary>A key's document: as in the file, with its tenant.</summary>
    public static ApiKey? Key(YamlNodeReader key)
    {
        key.Allow(["tenant", .. KeySection.Fields], notYet: []);
        return KeySection.Read(key, key.RequiredString("tenant"));
    }
}
