using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Wire.Chat;

/// <summary>A message of a chat in OpenAI's form.</summary>
internal static class ChatMessageWriter
{
    public static void Write(Utf8JsonWriter json, ChatMessage message, string path, ChatDialect dialect, Translation translation)
    {
        json.WriteStartObject();
        json.WriteString("role", message.Role);
        if (message is { Role: "user", Attachments.Count: > 0 })
        {
            ChatPartWriter.Write(json, message, path, translation);
        }
        else if (message.Content is not null || message.ToolCalls.Count == 0)
        {
            json.WriteString("content", message.Content ?? "");
        }
        else
        {
            json.WriteNull("content");
        }

        if (message.Role != "user")
        {
            ContentPieces.RefuseOthers(message, path, translation);
        }

        if (message.Name is { } name)
        {
            json.WriteString("name", name);
        }

        WriteReasoning(json, message, path, dialect, translation);
        if (message.ToolCalls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in message.ToolCalls)
            {
                WriteCall(json, call);
            }

            json.WriteEndArray();
        }

        if (message.ToolCallId is { } id)
        {
            json.WriteString("tool_call_id", id);
        }

        if (message.ToolFailed)
        {
            translation.Lost($"{path}.is_error", "The form has no word for a tool that failed; its content is passed on.");
        }

        json.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter json, ChatMessage message, string path, ChatDialect dialect, Translation translation)
    {
        if (message.ReasoningSignature is not null)
        {
            translation.Lost($"{path}.signature", "Only the provider that signed the thinking can read its signature.");
        }

        if (message.ReasoningContent is not { } reasoning)
        {
            return;
        }

        if (dialect == ChatDialect.Extended)
        {
            json.WriteString("reasoning_content", reasoning);
        }
        else
        {
            translation.Lost($"{path}.reasoning_content", "Earlier thinking is not shown to this provider's models.");
        }
    }

    private static void WriteCall(Utf8JsonWriter json, ToolCall call)
    {
        json.WriteStartObject();
        json.WriteString("id", call.Id);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", call.Name);
        json.WriteString("arguments", call.ArgumentsJson);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
