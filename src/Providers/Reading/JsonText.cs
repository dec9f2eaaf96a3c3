using System.Text.Json;

namespace Penstock.Providers.Reading;

/// <summary>Texts of a provider's JSON.</summary>
internal static class JsonText
{
    /// <summary>A field's text; null where there is none. Half a surrogate pair is no text: what it stood for was lost when the provider cut its chunks.</summary>
    public static string? Text(this JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var field) || field.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return field.GetString();
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }

    /// <summary>A field's count; null where there is none.</summary>
    public static int? Count(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.Number && field.TryGetInt32(out var count) && count >= 0 ? count : null;

    /// <summary>A field that is an object; else an element of no kind.</summary>
    public static JsonElement Object(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.Object ? field : default;
}
