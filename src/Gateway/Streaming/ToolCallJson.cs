using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Streaming;

/// <summary>A tool call in OpenAI's form.</summary>
internal static class ToolCallJson
{
    /// <param name="json">Output.</param>
    /// <param name="call">The call.</param>
    /// <param name="index">Its number in a stream, from 0; null in a whole answer.</param>
    public static void Write(Utf8JsonWriter json, ToolCall call, int? index = null)
    {
        json.WriteStartObject();
        if (index is { } number)
        {
            json.WriteNumber("index", number);
        }

        json.WriteString("id", call.Id);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", call.Name);
        json.WriteString("arguments", call.ArgumentsJson);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
