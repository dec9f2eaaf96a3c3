using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Wire.Responses;

/// <summary>Messages as <c>instructions</c> and <c>input</c> items of OpenAI's Responses.</summary>
internal static class ItemWriter
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<ChatMessage> messages, Translation translation)
    {
        var first = 0;
        if (messages is [{ Role: "system", Content: { } instructions, Attachments.Count: 0 }, ..])
        {
            LoseName(messages[0], "messages[0]", translation);
            json.WriteString("instructions", instructions);
            first = 1;
        }

        json.WriteStartArray("input");
        for (var index = first; index < messages.Count; index++)
        {
            WriteMessage(json, messages[index], $"messages[{index}]", translation);
        }

        json.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, ChatMessage message, string path, Translation translation)
    {
        LoseName(message, path, translation);
        if (message.Role == "tool")
        {
            WriteResult(json, message, path, translation);
            return;
        }

        if (message.ReasoningContent is { } reasoning)
        {
            WriteReasoning(json, reasoning, message.ReasoningSignature);
        }

        if (message.Role != "user")
        {
            ContentPieces.RefuseOthers(message, path, translation);
        }

        if (message.Content is not null)
        {
            json.WriteStartObject();
            json.WriteString("type", "message");
            json.WriteString("role", message.Role);
            PartWriter.Write(json, "content", message);
            json.WriteEndObject();
        }

        foreach (var call in message.ToolCalls)
        {
            json.WriteStartObject();
            json.WriteString("type", "function_call");
            json.WriteString("call_id", call.Id);
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.ArgumentsJson);
            json.WriteEndObject();
        }
    }

    private static void LoseName(ChatMessage message, string path, Translation translation)
    {
        if (message.Name is not null)
        {
            translation.Lost($"{path}.name", "Authors have no names in this form.");
        }
    }

    private static void WriteResult(Utf8JsonWriter json, ChatMessage message, string path, Translation translation)
    {
        if (message.ToolFailed)
        {
            translation.Lost($"{path}.is_error", "The form has no word for a tool that failed; its content is passed on.");
        }

        json.WriteStartObject();
        json.WriteString("type", "function_call_output");
        json.WriteString("call_id", message.ToolCallId);
        PartWriter.Write(json, "output", message);
        json.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter json, string reasoning, string? signature)
    {
        json.WriteStartObject();
        json.WriteString("type", "reasoning");
        json.WriteStartArray("summary");
        json.WriteEndArray();
        json.WriteStartArray("content");
        json.WriteStartObject();
        json.WriteString("type", "reasoning_text");
        json.WriteString("text", reasoning);
        json.WriteEndObject();
        json.WriteEndArray();
        if (signature is not null)
        {
            json.WriteString("encrypted_content", signature);
        }

        json.WriteEndObject();
    }
}
