using System.Text.Json;
using System.Text.Json.Nodes;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Administration.Json;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Settings;
using Penstock.Gateway.Tenancy;

namespace Penstock.Gateway.Administration.Resources;

/// <summary><c>/admin/v1/tenants</c>. A tenant that only keys name is none of these: it has no definition.</summary>
internal sealed class TenantsResource(SettingsReloader reloader) : AdministeredResource<TenantOptions>(reloader, AdministeredSettings.TenantKind, "tenant")
{
    protected override IReadOnlyList<TenantOptions> All(ServeOptions options) => options.Tenants;

    protected override string NameOf(TenantOptions item) => item.Name;

    protected override JsonObject Merge(JsonObject definition, TenantOptions? existing) => definition;

    protected override TenantOptions? Read(YamlNodeReader definition) => AdministeredSettings.Tenant(definition);

    protected override void Write(Utf8JsonWriter json, TenantOptions item, bool stored) => TenantJson.Write(json, item);

    protected override void WriteMore(Utf8JsonWriter json, TenantOptions item, ServeOptions all)
    {
        Names(json, "children", all.Tenants.Where(tenant => tenant.Parent == item.Name).Select(tenant => tenant.Name));
        Names(json, "keys", all.ApiKeys.Where(key => key.Tenant == item.Name).Select(key => key.Id));
    }

    // A key whose tenant is gone would have no limits at all.
    protected override PenstockError? RefuseRemoval(ServeOptions all, string name) =>
        all.ApiKeys.Where(key => key.Tenant == name).Select(key => $"the key '{key.Id}'").Concat(all.Tenants.Where(tenant => tenant.Parent == name).Select(tenant => $"the tenant '{tenant.Name}'")).ToArray() is { Length: > 0 } below
            ? new PenstockError(ErrorCode.Conflict, $"The tenant '{name}' still has {string.Join(", ", below)}. Remove them first, or give them to another tenant.")
            : null;

    private static void Names(Utf8JsonWriter json, string field, IEnumerable<string> names)
    {
        json.WriteStartArray(field);
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }
}
