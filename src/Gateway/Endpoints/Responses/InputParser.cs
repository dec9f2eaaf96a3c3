using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary><c>input</c>: a text of the user's, or the items of a conversation.</summary>
internal static class InputParser
{
    private const int MaxItems = 4096;

    public static IReadOnlyList<ChatMessage> Parse(WireObject body)
    {
        if (body.Required("input") is not { } input)
        {
            return [];
        }

        if (input.Kind == JsonValueKind.String)
        {
            return [new ChatMessage { Role = "user", Content = input.AsText() }];
        }

        var conversation = new Conversation();
        foreach (var value in body.Items("input", MaxItems))
        {
            if (value.AsObject() is { } item)
            {
                Take(item, conversation);
            }
        }

        var messages = conversation.End();
        if (messages.Count == 0)
        {
            body.Faults.Invalid(input.Path, "input is empty. Send a text, or at least one item, such as {\"role\": \"user\", \"content\": \"Hello\"}.");
        }

        AttachmentParser.Count(messages, input.Path, body.Faults);

        return messages;
    }

    private static void Take(WireObject item, Conversation conversation)
    {
        var type = item.Text("type") ?? "message";
        switch (type)
        {
            case "message":
                Message(item, conversation);
                break;
            case "function_call":
                if (item.Required("call_id")?.AsText() is { } id && item.Required("name")?.AsText() is { } name && item.Required("arguments")?.AsText() is { } arguments)
                {
                    conversation.Call(new ToolCall(id, name, arguments));
                }

                break;
            case "function_call_output":
                Result(item, conversation);
                break;
            case "reasoning":
                Reasoning(item, conversation);
                break;
            default:
                item.Faults.Unsupported(
                    item.PathOf("type"), $"{item.PathOf("type")} is not supported: only message, function_call, function_call_output and reasoning are read{(type == "item_reference" ? ", and nothing is stored that could be referred to" : "")}.");
                break;
        }
    }

    private static void Message(WireObject item, Conversation conversation)
    {
        if (item.Required("role")?.AsText() is not { } role || item.Required("content") is not { } content)
        {
            return;
        }

        switch (role)
        {
            case "assistant":
                conversation.Say(ContentParts.Text(content) ?? "");
                break;
            case "user":
                var said = ContentParts.Read(content);
                conversation.Add(new ChatMessage { Role = role, Content = said?.Text, Attachments = said?.Attachments ?? [] });
                break;
            case "system" or "developer":
                conversation.Add(new ChatMessage { Role = role, Content = ContentParts.Text(content) });
                break;
            default:
                item.Faults.Invalid(item.PathOf("role"), $"{item.PathOf("role")} must be one of user, assistant, system, developer.");
                break;
        }
    }

    private static void Result(WireObject item, Conversation conversation)
    {
        var output = item.Required("output") is { } field ? ContentParts.Read(field) : null;
        conversation.Add(new ChatMessage { Role = "tool", ToolCallId = item.Required("call_id")?.AsText(), Content = output?.Text ?? "", Attachments = output?.Attachments ?? [] });
    }

    // Who has only a summary of the thinking has that; what only its provider can read means nothing here.
    private static void Reasoning(WireObject item, Conversation conversation)
    {
        var content = item.Field("content") is { } thoughts ? ContentParts.Text(thoughts) : null;
        var summary = item.Field("summary") is { } summaries ? ContentParts.Text(summaries) : null;
        var text = string.IsNullOrEmpty(content) ? summary : content;
        if (!string.IsNullOrEmpty(text))
        {
            conversation.Think(text, item.Text("encrypted_content"));
        }
        else if (item.Field("encrypted_content") is { } encrypted)
        {
            item.Faults.Lost(encrypted.Path, "Only its provider can read encrypted thinking; it is left out.");
        }
    }
}
