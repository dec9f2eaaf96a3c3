using System.Globalization;
using System.Text.Json;

namespace Penstock.Gateway.Endpoints.Models;

/// <summary>Models in OpenAI's form, and in Anthropic's for its clients.</summary>
internal static class ModelJson
{
    /// <summary>OpenAI's, with <c>context_length</c>, <c>fingerprint</c> and an adapter's <c>parent</c> where they are known.</summary>
    public static void Write(Utf8JsonWriter json, ListedModel model)
    {
        json.WriteStartObject();
        json.WriteString("id", model.Id);
        json.WriteString("object", "model");
        json.WriteNumber("created", model.Since.ToUnixTimeSeconds());
        json.WriteString("owned_by", model.Target.Owner);
        if (!model.Target.Remote)
        {
            json.WriteNumber("context_length", model.Target.ContextLength);
            json.WriteString("fingerprint", model.Target.Fingerprint + model.Adapter?.Fingerprint);
        }

        if (model.Adapter is not null)
        {
            json.WriteString("parent", model.Target.Name);
        }

        json.WriteEndObject();
    }

    /// <summary>Anthropic's. What is not known is null, as the form has it.</summary>
    public static void WriteAnthropic(Utf8JsonWriter json, ListedModel model)
    {
        json.WriteStartObject();
        json.WriteString("type", "model");
        json.WriteString("id", model.Id);
        json.WriteString("display_name", model.Id);
        json.WriteString("created_at", model.Since.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteString("lifecycle", "active");
        foreach (var name in (ReadOnlySpan<string>)["capabilities", "deprecated_at", "line", "max_tokens", "retires_at"])
        {
            json.WriteNull(name);
        }

        if (model.Target.Remote)
        {
            json.WriteNull("max_input_tokens");
        }
        else
        {
            json.WriteNumber("max_input_tokens", model.Target.ContextLength);
        }

        json.WriteEndObject();
    }
}
