using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Wire.Messages;

/// <summary>Messages as Anthropic's turns: results of tools and what the user says behind them are one turn, as the form demands.</summary>
internal static class TurnWriter
{
    /// <param name="json">Output.</param>
    /// <param name="messages">The chat.</param>
    /// <param name="first">The first message that is no part of <c>system</c>.</param>
    /// <param name="translation">Gets what could not be said.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<ChatMessage> messages, int first, Translation translation)
    {
        json.WriteStartArray("messages");
        for (var index = first; index < messages.Count;)
        {
            var (message, path) = (messages[index], $"messages[{index}]");
            if (message.Role == "tool")
            {
                index = WriteResults(json, messages, index, translation);
                continue;
            }

            index++;
            if (message.Role == "assistant")
            {
                WriteAssistant(json, message, path, translation);
            }
            else if (SystemWriter.IsSystem(message))
            {
                SystemWriter.Check(message, path, translation);
                WritePlain(json, "system", message.Content);
            }
            else
            {
                BlockWriter.LoseName(message, path, translation);
                WriteUser(json, message, path, translation);
            }
        }

        json.WriteEndArray();
    }

    private static int WriteResults(Utf8JsonWriter json, IReadOnlyList<ChatMessage> messages, int index, Translation translation)
    {
        Begin(json, "user");
        for (; index < messages.Count && messages[index].Role == "tool"; index++)
        {
            BlockWriter.LoseName(messages[index], $"messages[{index}]", translation);
            BlockWriter.WriteResult(json, messages[index], $"messages[{index}]", translation);
        }

        if (index < messages.Count && messages[index] is { Role: "user" } and ({ Content.Length: > 0 } or { Attachments.Count: > 0 }))
        {
            BlockWriter.LoseName(messages[index], $"messages[{index}]", translation);
            BlockWriter.WriteContent(json, messages[index], $"messages[{index}]", translation);
            index++;
        }

        End(json);
        return index;
    }

    private static void WriteUser(Utf8JsonWriter json, ChatMessage message, string path, Translation translation)
    {
        if (message.Attachments.Count == 0)
        {
            WritePlain(json, "user", message.Content);
            return;
        }

        Begin(json, "user");
        BlockWriter.WriteContent(json, message, path, translation);
        End(json);
    }

    private static void WriteAssistant(Utf8JsonWriter json, ChatMessage message, string path, Translation translation)
    {
        BlockWriter.LoseName(message, path, translation);
        ContentPieces.RefuseOthers(message, path, translation);
        var signed = message is { ReasoningContent: not null, ReasoningSignature: not null };
        if (message.ReasoningContent is not null && !signed)
        {
            translation.Lost($"{path}.reasoning_content", "Only thinking that the provider has signed is shown to its models.");
        }

        if (!signed && message.ToolCalls.Count == 0)
        {
            WritePlain(json, "assistant", message.Content);
            return;
        }

        Begin(json, "assistant");
        if (signed)
        {
            BlockWriter.WriteThinking(json, message.ReasoningContent!, message.ReasoningSignature!);
        }

        if (!string.IsNullOrEmpty(message.Content))
        {
            BlockWriter.WriteText(json, message.Content);
        }

        for (var index = 0; index < message.ToolCalls.Count; index++)
        {
            if (message.ToolCalls[index] is { ArgumentsJson.Length: > 0 } call && !ToolInput.IsObject(call))
            {
                translation.Lost($"{path}.tool_calls[{index}].function.arguments", "They are no JSON object; they are the field arguments of one.");
            }

            BlockWriter.WriteCall(json, message.ToolCalls[index]);
        }

        End(json);
    }

    private static void WritePlain(Utf8JsonWriter json, string role, string? content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", content ?? "");
        json.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter json, string role)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteStartArray("content");
    }

    private static void End(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
