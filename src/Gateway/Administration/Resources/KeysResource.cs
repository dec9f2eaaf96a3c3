using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Administration.Json;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Settings;
using Penstock.Gateway.Tenancy;

namespace Penstock.Gateway.Administration.Resources;

/// <summary><c>/admin/v1/keys</c>. A key that is made or rotated here is in that one answer and nowhere else; the store has its digest.</summary>
internal sealed class KeysResource(SettingsReloader reloader, TimeProvider time) : AdministeredResource<ApiKey>(reloader, AdministeredSettings.KeyKind, "key")
{
    /// <summary>How long a rotated key's former secret is taken, unless the caller says otherwise.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    private const double LongestOverlapSeconds = 90 * 24 * 3600;

    public override async Task PutAsync(HttpContext http)
    {
        var body = await AdminRequest.ReadAsync(http);
        if (!body.Ok || !ApiKeySecret.IsId(AdminRequest.Name(http)))
        {
            await AdminAnswer.RefuseAsync(http, body.Error ?? new(ErrorCode.InvalidRequest, "A key's id has letters, digits, '.', '_' and '-' only."));
            return;
        }

        string? secret = null;
        await ChangeAsync(
            http,
            "put",
            (_, existing, _) =>
            {
                var definition = Merge(body.Value.DeepClone().AsObject(), existing);
                if (!definition.ContainsKey("sha256"))
                {
                    secret ??= ApiKeySecret.New();
                    definition["sha256"] = Hex(ApiKeySecret.DigestOf(secret));
                }

                return definition;
            },
            more: json => Show(json, secret));
    }

    /// <summary><c>POST /admin/v1/keys/{name}/rotate</c>: a new secret under the same id; the former one is taken for <c>overlap_s</c> yet.</summary>
    public async Task RotateAsync(HttpContext http)
    {
        var body = await AdminRequest.ReadAsync(http);
        if (!body.Ok)
        {
            await AdminAnswer.RefuseAsync(http, body.Error);
            return;
        }

        var secret = ApiKeySecret.New();
        await ChangeAsync(
            http,
            "rotated",
            (_, existing, faults) =>
            {
                var given = JsonDocuments.Read(body.Value.ToJsonString(), "", faults);
                given.Allow(["overlap_s"], notYet: []);
                var overlap = given.Number("overlap_s", 0, LongestOverlapSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : Overlap;
                var definition = JsonNode.Parse(Document(existing!))!.AsObject();
                definition["former"] = new JsonObject { ["sha256"] = definition["sha256"]!.DeepClone(), ["until"] = (time.GetUtcNow() + overlap).ToString("O") };
                definition["sha256"] = Hex(ApiKeySecret.DigestOf(secret));
                return definition;
            },
            mustBe: true,
            more: json => Show(json, secret));
    }

    protected override IReadOnlyList<ApiKey> All(ServeOptions options) => options.ApiKeys;

    protected override string NameOf(ApiKey item) => item.Id;

    protected override string NameField => "id";

    // What is secret stays where a definition does not say otherwise.
    protected override JsonObject Merge(JsonObject definition, ApiKey? existing)
    {
        if (existing is not null && !definition.ContainsKey("sha256"))
        {
            definition["sha256"] = Hex(existing.Sha256.Span);
            definition["former"] = existing.Former is { } former ? new JsonObject { ["sha256"] = Hex(former.Sha256.Span), ["until"] = former.Until.ToString("O") } : null;
        }

        return definition;
    }

    protected override ApiKey? Read(YamlNodeReader definition) => AdministeredSettings.Key(definition);

    protected override void Write(Utf8JsonWriter json, ApiKey item, bool stored) => KeyJson.Write(json, item, digests: stored);

    protected override bool IsListed(HttpContext http, ApiKey item) => http.Request.Query["tenant"].ToString() is not { Length: > 0 } tenant || item.Tenant == tenant;

    // A tenant that nobody has declared would be one without limits.
    protected override PenstockError? RefuseDefinition(ServeOptions all, ApiKey definition) =>
        all.Tenants.Any(tenant => tenant.Name == definition.Tenant) || all.ApiKeys.Any(key => key.Tenant == definition.Tenant && key.Id != definition.Id)
            ? null
            : new PenstockError(ErrorCode.InvalidRequest, $"There is no tenant '{definition.Tenant}'. Make it first.", "tenant");

    protected override PenstockError? RefuseRemoval(ServeOptions all, string name) => all.ApiKeys.Count == 1
        ? new PenstockError(ErrorCode.Conflict, $"'{name}' is the last key, and without any the server lets in everybody on this machine. Make another first.")
        : null;

    private static void Show(Utf8JsonWriter json, string? secret)
    {
        if (secret is not null)
        {
            json.WriteString("key", secret);
        }
    }

    private static string Hex(ReadOnlySpan<byte> digest) => Convert.ToHexStringLower(digest);
}
