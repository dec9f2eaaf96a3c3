using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Errors;

namespace Penstock.Gateway.Streaming;

/// <summary>How a stream ends whose events a provider wrote.</summary>
internal sealed class StreamTail
{
    /// <summary>OpenAI's chats and completions.</summary>
    public static StreamTail OpenAi { get; } = new() { Last = "data: [DONE]\n\n"u8.ToArray(), Error = "data: "u8.ToArray() };

    /// <summary>Anthropic's Messages.</summary>
    public static StreamTail Anthropic { get; } = new()
    {
        Last = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8.ToArray(),
        Error = "event: error\ndata: "u8.ToArray(),
    };

    /// <summary>OpenAI's Responses: the last event has the whole response, and so only the provider can write it.</summary>
    public static StreamTail Responses { get; } = new() { HoldsFinish = true, Error = "event: error\ndata: "u8.ToArray(), WriteError = WriteEvent };

    /// <summary>The event that says that it is whole; empty where the provider's own is held back for it.</summary>
    public ReadOnlyMemory<byte> Last { get; private init; }

    /// <summary>Whether the provider's last event is kept until the record is on disk.</summary>
    public bool HoldsFinish { get; private init; }

    /// <summary>What an error's JSON comes after.</summary>
    public ReadOnlyMemory<byte> Error { get; private init; }

    /// <summary>Writes an error's JSON; it gets the number of events that went before.</summary>
    public Action<Utf8JsonWriter, PenstockError, HttpResponse, int> WriteError { get; private init; } = static (json, error, response, _) => ErrorResponse.Write(json, error, response);

    private static void WriteEvent(Utf8JsonWriter json, PenstockError error, HttpResponse response, int sequence)
    {
        json.WriteStartObject();
        json.WriteString("type", "error");
        json.WriteNumber("sequence_number", sequence);
        json.WriteString("code", ErrorTable.For(error.Code).Code);
        json.WriteString("message", error.Message);
        json.WriteString("param", error.Param);
        json.WriteEndObject();
    }
}
