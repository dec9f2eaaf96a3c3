using System.Text.Json;
using Penstock.Engine.Adapters;

namespace Penstock.Gateway.Endpoints.Adapters;

/// <summary>The fields of an adapter (<c>docs/api.md</c>).</summary>
internal static class AdapterJson
{
    /// <param name="json">Where to.</param>
    /// <param name="adapter">The adapter.</param>
    /// <param name="model">Its model's name, where it does not stand beside; else null.</param>
    public static void Write(Utf8JsonWriter json, AdapterDescription adapter, string? model = null)
    {
        json.WriteStartObject();
        if (model is not null)
        {
            json.WriteString("model", model);
        }

        json.WriteString("name", adapter.Name);
        json.WriteNumber("scale", adapter.Scale);
        json.WriteNumber("rank", adapter.Rank);
        json.WriteNumber("parameters", adapter.Parameters);
        json.WriteString("digest", adapter.Digest);
        json.WriteNumber("loaded", adapter.Since.ToUnixTimeSeconds());
        json.WriteNumber("requests", adapter.Requests);
        json.WriteBoolean("leaving", adapter.Leaving);
        json.WriteEndObject();
    }
}
