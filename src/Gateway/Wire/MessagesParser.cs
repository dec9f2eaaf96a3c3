using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary><c>messages</c> of a chat. Text only; pictures, sound and files are refused by name.</summary>
internal static class MessagesParser
{
    private const int MaxMessages = 4096;
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool"];

    public static IReadOnlyList<ChatMessage> Parse(WireObject body)
    {
        if (body.Required("messages") is not { } field)
        {
            return [];
        }

        var messages = new List<ChatMessage>();
        foreach (var item in body.Items("messages", MaxMessages))
        {
            if (item.AsObject() is { } message && Message(message) is { } parsed)
            {
                messages.Add(parsed);
            }
        }

        if (messages.Count == 0)
        {
            body.Faults.Invalid(field.Path, "messages is empty. Send at least one message, such as {\"role\": \"user\", \"content\": \"Hello\"}.");
        }

        return messages;
    }

    private static ChatMessage? Message(WireObject message)
    {
        var role = message.Required("role")?.AsText();
        if (role is null)
        {
            return null;
        }

        if (!Roles.Contains(role))
        {
            message.Faults.Invalid(message.PathOf("role"), $"{message.PathOf("role")} must be one of {string.Join(", ", Roles)}.");
            return null;
        }

        if (message.Field("function_call") is { } call)
        {
            message.Faults.Unsupported(call.Path, $"{call.Path} is not supported. Use tool_calls.");
        }

        // What an assistant said when it refused is what it said: templates have no other place for it.
        var refusal = role == "assistant" ? message.Text("refusal") : null;
        var calls = role == "assistant" ? ToolsParser.ParseCalls(message) : [];
        return new ChatMessage
        {
            Role = role,
            Content = Content(message, required: calls.Count == 0 && refusal is null) ?? refusal,
            Name = message.Text("name"),
            ReasoningContent = message.Text("reasoning_content"),
            ToolCalls = calls,
            ToolCallId = role == "tool" ? message.Required("tool_call_id")?.AsText() : null,
        };
    }

    private static string? Content(WireObject message, bool required)
    {
        if (message.Field("content") is not { } content)
        {
            if (required)
            {
                message.Faults.Invalid(message.PathOf("content"), $"{message.PathOf("content")} is missing; it must be a string.");
            }

            return null;
        }

        switch (content.Kind)
        {
            case JsonValueKind.String:
                return content.AsText();
            case JsonValueKind.Array:
                return string.Concat(content.Items().Select(Part));
            default:
                content.WrongType("a string or an array of text parts");
                return null;
        }
    }

    private static string? Part(WireValue item)
    {
        if (item.AsObject() is not { } part || part.Required("type")?.AsText() is not { } type)
        {
            return null;
        }

        if (type == "text")
        {
            return part.Required("text")?.AsText();
        }

        if (type == "refusal")
        {
            return part.Required("refusal")?.AsText();
        }

        part.Faults.Unsupported(
            part.PathOf("type"),
            $"{part.PathOf("type")} is {(type is "image_url" or "input_audio" or "file" ? $"'{type}'" : "not known")}; only 'text' parts are supported.");
        return null;
    }
}
