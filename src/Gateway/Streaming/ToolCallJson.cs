using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Streaming;

/// <summary>A tool call in OpenAI's form.</summary>
internal static class ToolCallJson
{
    /// <summary>A whole call.</summary>
    public static void Write(Utf8JsonWriter json, ToolCall call) => Write(json, call, null, call.ArgumentsJson);

    /// <summary>The first delta of a call: all but its arguments, which follow.</summary>
    /// <param name="json">Output.</param>
    /// <param name="call">The call.</param>
    /// <param name="index">Its number in the stream, from 0.</param>
    public static void WriteBegun(Utf8JsonWriter json, ToolCall call, int index) => Write(json, call, index, "");

    private static void Write(Utf8JsonWriter json, ToolCall call, int? index, string arguments)
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
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
