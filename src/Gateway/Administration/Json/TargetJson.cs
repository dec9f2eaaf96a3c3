using System.Text.Json;
using Penstock.Providers;
using Penstock.Providers.Credentials;
using Penstock.Routing.Breakers;

namespace Penstock.Gateway.Administration.Json;

/// <summary>A target and how it stands. Of its credential there is the place only.</summary>
internal static class TargetJson
{
    public static void Write(Utf8JsonWriter json, TargetOptions target, BreakerStatus health, bool declaredDrained)
    {
        json.WriteStartObject();
        json.WriteString("name", target.Name);
        json.WriteString("kind", target.Kind == TargetKind.Anthropic ? "anthropic" : "openai");
        json.WriteString("base_url", target.BaseUrl.AbsoluteUri);
        json.WriteStartArray("models");
        foreach (var model in target.Models)
        {
            json.WriteStringValue(model);
        }

        json.WriteEndArray();
        WriteCredential(json, target.Credential);
        json.WriteBoolean("drained", target.Drained);
        json.WriteString("drained_by", !target.Drained ? null : declaredDrained ? "file" : "api");
        json.WriteStartObject("health");
        json.WriteString("breaker", health.State switch { BreakerState.Closed => "closed", BreakerState.Open => "open", _ => "half_open" });
        Moment(json, "open_until", health.OpenUntil);
        Moment(json, "rest_until", health.RestUntil);
        Moment(json, "last_failure_at", health.LastFailureAt);
        json.WriteString("last_failure", health.LastFailure);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteCredential(Utf8JsonWriter json, CredentialSource? credential)
    {
        if (credential is null)
        {
            json.WriteNull("credential");
            return;
        }

        // A command line may hold a secret of its own; that there is one is enough.
        json.WriteStartObject("credential");
        json.WriteString(
            credential.Kind switch { CredentialKind.Environment => "env", CredentialKind.File => "file", _ => "command" },
            credential.Kind == CredentialKind.Command ? "configured" : credential.Place);
        json.WriteEndObject();
    }

    private static void Moment(Utf8JsonWriter json, string name, DateTimeOffset? moment)
    {
        if (moment is { } known)
        {
            json.WriteString(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
