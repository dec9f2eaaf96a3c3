using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Wire;

/// <summary>The arguments of a call as Anthropic's <c>input</c>, which is a JSON object.</summary>
public static class ToolInput
{
    /// <summary>The arguments' own JSON where they are an object; an empty one for an empty text; what is no object becomes the field <c>arguments</c> of one.</summary>
    public static string Of(ToolCall call)
    {
        if (string.IsNullOrWhiteSpace(call.ArgumentsJson))
        {
            return "{}";
        }

        return IsObject(call) ? call.ArgumentsJson : JsonSerializer.Serialize(new Dictionary<string, string> { ["arguments"] = call.ArgumentsJson });
    }

    /// <summary>Whether the arguments are a JSON object. Some models end in the middle of a call.</summary>
    public static bool IsObject(ToolCall call)
    {
        try
        {
            using var document = JsonDocument.Parse(call.ArgumentsJson);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
