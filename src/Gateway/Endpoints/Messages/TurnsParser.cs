using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary><c>messages</c>: turns of content blocks. A turn of tool results and text is as many messages, in its order.</summary>
internal static class TurnsParser
{
    private const int MaxTurns = 4096;

    public static IReadOnlyList<ChatMessage> Parse(WireObject body)
    {
        if (body.Required("messages") is not { } field)
        {
            return [];
        }

        var messages = new List<ChatMessage>();
        var last = "";
        foreach (var item in body.Items("messages", MaxTurns))
        {
            if (item.AsObject() is { } turn && turn.Required("role")?.AsText() is { } role)
            {
                Turn(turn, last = role, messages);
            }
        }

        if (messages.Count == 0)
        {
            body.Faults.Invalid(field.Path, "messages is empty. Send at least one message, such as {\"role\": \"user\", \"content\": \"Hello\"}.");
        }

        AttachmentParser.Count(messages, field.Path, body.Faults);
        if (last == "assistant")
        {
            body.Faults.Unsupported(field.Path, "messages ends with an assistant's message. An answer is not continued here: end with a message of the user's.");
        }

        return messages;
    }

    private static void Turn(WireObject turn, string role, List<ChatMessage> messages)
    {
        if (turn.Required("content") is not { } content)
        {
            return;
        }

        switch (role)
        {
            case "user" or "assistant" or "system" when content.Kind == JsonValueKind.String:
                messages.Add(new ChatMessage { Role = role, Content = content.AsText() });
                break;
            case "user" or "assistant" or "system" when content.Kind != JsonValueKind.Array:
                content.WrongType("a string or an array of content blocks");
                break;
            case "user":
                UserTurn.Parse(content, messages);
                break;
            case "assistant":
                messages.Add(AssistantTurn.Parse(content));
                break;
            case "system":
                messages.Add(new ChatMessage { Role = role, Content = TextBlocks.Join(content) });
                break;
            default:
                turn.Faults.Invalid(turn.PathOf("role"), $"{turn.PathOf("role")} must be one of user, assistant, system.");
                break;
        }
    }
}
