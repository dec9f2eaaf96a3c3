using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary><c>messages</c> of a chat.</summary>
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

        AttachmentParser.Count(messages, field.Path, body.Faults);

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
        var content = Content(message, role, required: calls.Count == 0 && refusal is null);
        return new ChatMessage
        {
            Role = role,
            Content = content?.Text ?? refusal,
            Attachments = content?.Attachments ?? [],
            Name = message.Text("name"),
            ReasoningContent = message.Text("reasoning_content"),
            ToolCalls = calls,
            ToolCallId = role == "tool" ? message.Required("tool_call_id")?.AsText() : null,
        };
    }

    private static Content? Content(WireObject message, string role, bool required)
    {
        if (message.Field("content") is { } content)
        {
            return ChatParts.Read(content, role);
        }

        if (required)
        {
            message.Faults.Invalid(message.PathOf("content"), $"{message.PathOf("content")} is missing; it must be a string.");
        }

        return null;
    }
}
