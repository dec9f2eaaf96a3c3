using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary>The arguments of a call as Anthropic's <c>input</c>, which is a JSON object.</summary>
internal static class ToolInput
{
    /// <summary>The arguments' own JSON where they are an object; none for an empty text; what is no object becomes the field <c>arguments</c> of one.</summary>
    public static string Of(ToolCall call)
    {
        if (string.IsNullOrWhiteSpace(call.ArgumentsJson))
        {
            return "{}";
        }

        try
        {
            using var document = JsonDocument.Parse(call.ArgumentsJson);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return call.ArgumentsJson;
            }
        }
        catch (JsonException)
        {
            // Some models end in the middle of a call: what they wrote is passed on all the same.
        }

        return JsonSerializer.Serialize(new Dictionary<string, string> { ["arguments"] = call.ArgumentsJson });
    }
}
