using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Wire.Messages;

/// <summary>Content blocks of Anthropic's form.</summary>
internal static class BlockWriter
{
    public static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    public static void WriteThinking(Utf8JsonWriter json, string thinking, string signature)
    {
        json.WriteStartObject();
        json.WriteString("type", "thinking");
        json.WriteString("thinking", thinking);
        json.WriteString("signature", signature);
        json.WriteEndObject();
    }

    public static void WriteCall(Utf8JsonWriter json, ToolCall call)
    {
        json.WriteStartObject();
        json.WriteString("type", "tool_use");
        json.WriteString("id", call.Id);
        json.WriteString("name", call.Name);
        json.WritePropertyName("input");
        json.WriteRawValue(ToolInput.Of(call), skipInputValidation: true);
        json.WriteEndObject();
    }

    public static void WriteResult(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString("type", "tool_result");
        json.WriteString("tool_use_id", message.ToolCallId);
        json.WriteString("content", message.Content ?? "");
        if (message.ToolFailed)
        {
            json.WriteBoolean("is_error", true);
        }

        json.WriteEndObject();
    }

    /// <summary>Notes the author's name, which the form has no place for.</summary>
    public static void LoseName(ChatMessage message, string path, Translation translation)
    {
        if (message.Name is not null)
        {
            translation.Lost($"{path}.name", "Authors have no names in this form.");
        }
    }
}
