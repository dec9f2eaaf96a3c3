using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Administration.Json;
using Penstock.Gateway.Settings;

namespace Penstock.Gateway.Administration.Resources;

/// <summary><c>/admin/v1/targets</c>: what the file declares, and how it stands here: breakers are each gateway's own. A drained target takes no new requests, on all gateways.</summary>
internal sealed class TargetsResource(SettingsReloader reloader, LiveSettings live, TimeProvider time)
{
    public Task ListAsync(HttpContext http) => AdminAnswer.OkAsync(http, json =>
    {
        json.WriteStartArray("data");
        foreach (var (options, health) in live.Current.Upstream.TargetsAt(time.GetUtcNow()))
        {
            TargetJson.Write(json, options, health, IsDeclaredDrained(options.Name));
        }

        json.WriteEndArray();
    });

    public Task ShowAsync(HttpContext http) => ShowAsync(http, AdminRequest.Name(http));

    public Task DrainAsync(HttpContext http) => SetAsync(http, drained: true);

    public Task UndrainAsync(HttpContext http) => SetAsync(http, drained: false);

    private async Task SetAsync(HttpContext http, bool drained)
    {
        var name = AdminRequest.Name(http);
        var outcome = await reloader.ChangeAsync(
            state =>
            {
                if (reloader.Declared.Targets.All(target => target.Name != name))
                {
                    return ChangeDecision.Refuse(Missing(name));
                }

                if (!drained && IsDeclaredDrained(name))
                {
                    return ChangeDecision.Refuse(new(ErrorCode.Conflict, $"The file says drained: true for the target '{name}'. Take it out there and reload."));
                }

                return state.Find(AdministeredSettings.DrainKind, name) is null == drained
                    ? ChangeDecision.Make(new(AdministeredSettings.DrainKind, name, drained ? "{}" : null, AdminRequest.Actor(http), drained ? "target drained" : "target undrained"))
                    : ChangeDecision.Nothing;
            },
            http.RequestAborted);
        await (outcome.Refusal is { } refusal ? AdminAnswer.RefuseAsync(http, refusal)
            : outcome.Faults.Count > 0 ? AdminAnswer.RefuseWholeAsync(http, outcome.Faults)
            : ShowAsync(http, name));
    }

    private Task ShowAsync(HttpContext http, string name)
    {
        var (options, health) = live.Current.Upstream.TargetsAt(time.GetUtcNow()).FirstOrDefault(target => target.Options.Name == name);
        return options is null
            ? AdminAnswer.RefuseAsync(http, Missing(name))
            : AdminAnswer.OkAsync(http, json =>
            {
                json.WritePropertyName("target");
                TargetJson.Write(json, options, health, IsDeclaredDrained(name));
            });
    }

    private bool IsDeclaredDrained(string name) => reloader.Declared.Targets.Any(target => target.Name == name && target.Drained);

    private static PenstockError Missing(string name) => new(ErrorCode.NotFound, $"There is no target '{name}'. Targets are declared in the file.");
}
