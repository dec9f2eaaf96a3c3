using System.Text;
using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary>The blocks of a user's turn: text, and the results of the tools that the assistant called.</summary>
internal static class UserTurn
{
    public static void Parse(WireValue content, List<ChatMessage> messages)
    {
        var text = new StringBuilder();
        var said = false;
        foreach (var item in content.Items())
        {
            if (item.AsObject() is not { } block || block.Required("type")?.AsText() is not { } type)
            {
                continue;
            }

            switch (type)
            {
                case "text":
                    text.Append(TextBlocks.Read(block));
                    said = true;
                    break;
                case "tool_result":
                    Say();
                    messages.Add(Result(block));
                    break;
                default:
                    TextBlocks.Refuse(block, type);
                    break;
            }
        }

        Say();

        void Say()
        {
            if (said)
            {
                messages.Add(new ChatMessage { Role = "user", Content = text.ToString() });
                text.Clear();
                said = false;
            }
        }
    }

    private static ChatMessage Result(WireObject block)
    {
        CacheMarks.Let(block);
        return new ChatMessage
        {
            Role = "tool",
            ToolCallId = block.Required("tool_use_id")?.AsText(),
            Content = block.Field("content") is not { } content ? "" : Content(content),
            ToolFailed = block.Flag("is_error"),
        };
    }

    private static string? Content(WireValue content)
    {
        if (content.Kind == JsonValueKind.Array)
        {
            return TextBlocks.Join(content);
        }

        if (content.Kind == JsonValueKind.String)
        {
            return content.AsText();
        }

        content.WrongType("a string or an array of text blocks");
        return null;
    }
}
