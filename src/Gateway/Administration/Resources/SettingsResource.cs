using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Gateway.Settings;

namespace Penstock.Gateway.Administration.Resources;

/// <summary><c>/admin/v1/status</c>, <c>/admin/v1/reload</c> and <c>/admin/v1/changes</c>: what is in force since when, and who changed it.</summary>
internal sealed class SettingsResource(SettingsReloader reloader)
{
    private const int MostChanges = 1000;
    private const int Changes = 100;

    public async Task StatusAsync(HttpContext http)
    {
        var state = await reloader.StateAsync(http.RequestAborted);
        var (applied, latest) = (reloader.Applied, reloader.Latest);
        await AdminAnswer.OkAsync(http, json =>
        {
            json.WriteNumber("revision", state.Version);
            json.WriteStartObject("settings");
            Write(json, applied);
            json.WriteEndObject();
            if (latest.Applied)
            {
                json.WriteNull("refused");
                return;
            }

            json.WriteStartObject("refused");
            json.WriteString("cause", latest.Cause);
            json.WriteString("at", latest.At);
            AdminAnswer.WriteFaults(json, latest.Faults);
            json.WriteEndObject();
        });
    }

    public async Task ReloadAsync(HttpContext http)
    {
        var outcome = await reloader.ReloadAsync($"asked for by {AdminRequest.Actor(http)}", http.RequestAborted);
        await (outcome.Applied
            ? AdminAnswer.OkAsync(http, json => Write(json, outcome))
            : AdminAnswer.RefuseWholeAsync(http, outcome.Faults));
    }

    public async Task ChangesAsync(HttpContext http)
    {
        var most = int.TryParse(http.Request.Query["most"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, MostChanges) : Changes;
        var log = await reloader.ReadLogAsync(most, http.RequestAborted);
        await AdminAnswer.OkAsync(http, json =>
        {
            json.WriteStartArray("data");
            foreach (var entry in log)
            {
                json.WriteStartObject();
                json.WriteNumber("revision", entry.Version);
                json.WriteString("at", entry.At);
                json.WriteString("who", entry.Who);
                json.WriteString("what", entry.What);
                json.WriteString("name", entry.Name);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter json, SettingsOutcome outcome)
    {
        json.WriteString("cause", outcome.Cause);
        json.WriteString("at", outcome.At);
        json.WriteStartArray("need_restart");
        foreach (var name in outcome.NeedRestart)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }
}
